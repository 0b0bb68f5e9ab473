#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""ops.py - davyd as a service: its manager, its rights, its logs."""
import ctypes
import fcntl
import json
import os
import select
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

import https
import stage

IS_ROOT = os.geteuid() == 0
NOBODY = 65534

# prctl(2)
PR_SET_MDWE = 65
PR_GET_MDWE = 66

# Becomes davyd: sockets from descriptor 3 on, a user, and an end after a while.
LAUNCHER = """
import os, signal, sys
user, count, words = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
fds = [int(word) for word in words[:count]]
for i, fd in enumerate(fds):
    assert fd >= 3 + i
    os.dup2(fd, 3 + i, inheritable=True)
if fds:
    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(count))
if user:
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
signal.alarm(110)
os.execv(words[count], words[count:])
"""


def _page(head, rest, sock):
    return stage.answer("<p>hello</p>")


class _Service:
    """A davyd that is started as a service manager does."""

    def __init__(self, *options, sockets=(), variables=None, user=0,
                 status=0, ready=True, before=""):
        self.folder = tempfile.mkdtemp(prefix="davyd-ops-")
        self.home = os.path.join(self.folder, "home")
        os.chmod(self.folder, 0o755)
        os.mkdir(self.home)
        self.port = stage.free_port()
        self.program = os.path.join(os.getcwd(), "davyd")
        self.messages = ""
        self.status = status
        self.process = None
        words = [self.program, "--pack",
                 os.path.join(stage.TOP, "patterns"), "--allow-private",
                 "--workers", "2"]
        if "--config" not in options:
            words += ["--config", "none"]
        if not sockets and "--listen" not in options:
            words += ["--listen", "127.0.0.1:%d" % self.port]
        words += [word.replace("@HOME@", self.home) for word in options]
        fds = [s.fileno() for s in sockets]
        self.how = dict(args=[sys.executable, "-c", before + LAUNCHER, str(user),
                              str(len(fds)), *map(str, fds), *words],
                        pass_fds=fds,
                        env={**os.environ, **(variables or {})})
        if ready:
            self.start()

    def start(self):
        """Or `ready=False`, and this when all is laid out."""
        self.process = subprocess.Popen(
            stderr=subprocess.PIPE, text=True, start_new_session=True,
            **self.how)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stderr:
            self.messages += line

    def wait_for(self, text, count=1):
        for _ in range(400):
            if self.messages.count(text) >= count:
                return
            time.sleep(0.05)
        raise AssertionError("%r is missing in: %s" % (text, self.messages))

    def portal(self, path):
        client = stage.Client(self)
        answer = client.ask("http://davy.proxy" + path)
        client.close()
        return answer

    def get(self, origin, path="/"):
        client = stage.Client(self)
        answer = client.ask(origin.url(path))
        client.close()
        return answer

    def __enter__(self):
        return self

    def __exit__(self, *why):
        if self.status == 0 and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(30)
        shutil.rmtree(self.folder)
        if why[0] is not None:
            print(self.messages)
        else:
            assert status == self.status, (status, self.messages)
            assert "ERROR: " not in self.messages, self.messages


class _Manager:
    """The socket that sd_notify(3) writes to."""

    def __init__(self, name):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(name)
        self.socket.settimeout(stage.TIME)
        self.said = []

    def wait_for(self, line):
        """All that is said up to a message with this line."""
        said = []
        while not said or line not in said[-1]:
            said.append(self.socket.recv(4096).decode().split("\n"))
        self.said += said
        return said


def _lines_of(said, name):
    return [line.partition("=")[2] for lines in said for line in lines
            if line.startswith(name + "=")]


# ---- The service manager ----

def the_manager_hears_of_start_reload_and_end():
    folder = tempfile.mkdtemp(prefix="davyd-notify-")
    for name, bound in ((os.path.join(folder, "notify"), None),
                        ("@davyd-test-%d" % os.getpid(),
                         "\0davyd-test-%d" % os.getpid())):
        manager = _Manager(bound or name)
        with _Service(variables={"NOTIFY_SOCKET": name}) as s:
            said = manager.wait_for("READY=1")
            assert "127.0.0.1:%d" % s.port in _lines_of(said, "STATUS")[0]
            began = time.monotonic_ns() // 1000
            s.process.send_signal(signal.SIGHUP)
            said = manager.wait_for("RELOADING=1")
            at = int(_lines_of(said, "MONOTONIC_USEC")[0])
            assert began - 1 <= at <= time.monotonic_ns() // 1000
            manager.wait_for("READY=1")
            s.process.send_signal(signal.SIGTERM)
            said = manager.wait_for("STOPPING=1")
            assert int(_lines_of(said, "EXTEND_TIMEOUT_USEC")[0]) == 25000000
    shutil.rmtree(folder)


def the_watchdog_is_fed_only_while_all_workers_turn():
    name = "@davyd-watchdog-%d" % os.getpid()
    manager = _Manager("\0" + name[1:])
    origin = stage.Origin(_page)
    folder = tempfile.mkdtemp(prefix="davyd-pipe-")
    pipe = os.path.join(folder, "pipe")
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    fcntl.fcntl(reader, fcntl.F_SETPIPE_SZ, 4096)
    with _Service("--access-log", pipe,
                  variables={"NOTIFY_SOCKET": name,
                             "WATCHDOG_USEC": "200000"}) as s:
        manager.wait_for("READY=1")
        began = time.monotonic()
        for _ in range(5):
            manager.wait_for("WATCHDOG=1")
        assert time.monotonic() - began < 5
        clients = []
        for _ in range(10):             # until their workers wait for the log
            client = stage.Client(s)
            client.send("GET %s HTTP/1.1\r\nHost: %s\r\n\r\n"
                        % (origin.url("/" + "x" * 1000), origin.host))
            clients.append(client)
        manager.socket.settimeout(1)
        try:
            for _ in range(100):
                manager.wait_for("WATCHDOG=1")
            raise AssertionError("a worker hangs, and the dog is fed")
        except TimeoutError:
            pass
        while select.select([reader], [], [], 0.2)[0]:
            os.read(reader, 65536)
        manager.socket.settimeout(stage.TIME)
        manager.wait_for("WATCHDOG=1")
        for client in clients:
            client.close()
    os.close(reader)
    shutil.rmtree(folder)
    origin.close()


def a_watchdog_of_another_process_is_not_fed():
    name = "@davyd-other-%d" % os.getpid()
    manager = _Manager("\0" + name[1:])
    with _Service(variables={"NOTIFY_SOCKET": name, "WATCHDOG_PID": "1",
                             "WATCHDOG_USEC": "50000"}):
        manager.wait_for("READY=1")
        manager.socket.settimeout(0.5)
        try:
            raise AssertionError(manager.socket.recv(100))
        except TimeoutError:
            pass


def sockets_are_taken_over():
    origin = stage.Origin(_page)
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    with _Service(sockets=listeners,
                  variables={"LISTEN_FDNAMES": "one:two"}) as s:
        for listener in listeners:
            s.port = listener.getsockname()[1]
            s.wait_for("listening on 127.0.0.1:%d" % s.port)
            for _ in range(20):
                assert s.get(origin).status == 200
        s.process.send_signal(signal.SIGHUP)
        s.wait_for("new configuration")
        assert s.get(origin).status == 200
        assert "until davyd is started anew" not in s.messages
    # They are the manager's: a client that comes now waits for the next davyd.
    client = stage.Client(s)
    client.send("GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % origin.url())
    with _Service(sockets=listeners):
        assert client.read().status == 200
    client.close()
    for listener in listeners:
        listener.close()
    origin.close()


def a_socket_that_does_not_listen_is_refused():
    with socket.socket() as idle, _Service(sockets=[idle], status=2) as s:
        s.wait_for("does not listen")


# ---- The authority ----

def _init(state, *words):
    subprocess.run([os.path.join(os.getcwd(), "davyd"), "ca", "init",
                    "--state", state, *words], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class _Secure:
    """An origin with TLS, and clients that trust `ca` alone."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="davyd-tls-")
        os.chmod(self.folder, 0o755)
        https.make_origin_certificate(self.folder)
        os.chmod(self.folder + "/origin-key.pem", 0o600)
        self.origin = https.SecureOrigin(_page, self.folder)
        self.own = self.folder + "/origin.pem"
        self.options = ["--upstream-ca", self.own, "--connect-ports",
                        str(self.origin.port)]

    def connect(self, service, ca):
        """A client inside of TLS, or None when it does not trust the other
        side."""
        client = stage.Client(service)
        host = "localhost:%d" % self.origin.port
        client.send("CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (host, host))
        head, _ = stage.read_head(client.sock)
        assert b" 200 " in head.split(b"\r\n")[0], head
        context = ssl.create_default_context(cafile=ca)
        try:
            client.sock = context.wrap_socket(client.sock,
                                              server_hostname="localhost")
        except ssl.SSLError:
            client.close()
            return None
        return client

    def get(self, client):
        client.send("GET / HTTP/1.1\r\nHost: localhost:%d\r\n\r\n"
                    % self.origin.port)
        return client.read()

    def close(self):
        self.origin.close()
        shutil.rmtree(self.folder)


def an_authority_is_made_and_renewed_while_davyd_runs():
    secure = _Secure()
    with _Service("--state", "@HOME@/state", *secure.options) as s:
        state = s.home + "/state"
        s.wait_for("there is no authority")
        s.wait_for("listening on")
        passed = secure.connect(s, secure.own)
        assert secure.get(passed).status == 200
        _init(state)
        s.process.send_signal(signal.SIGHUP)
        s.wait_for("HTTPS is judged")
        first = secure.connect(s, state + "/ca.pem")
        assert secure.get(first).status == 200
        old = secure.folder + "/old.pem"
        shutil.copy(state + "/ca.pem", old)
        with open(old, "rb") as file:
            assert _base64(s.portal("/ca.pem").body) == _base64(file.read())
        _init(state, "--force")
        second = secure.connect(s, old)
        assert second is not None       # not before it is told
        s.process.send_signal(signal.SIGHUP)
        s.wait_for("a new authority signs")
        third = secure.connect(s, state + "/ca.pem")
        for client in (passed, first, second, third):
            assert secure.get(client).status == 200
            client.close()
        os.rename(state + "/ca.pem", state + "/aside")
        s.process.send_signal(signal.SIGHUP)
        s.wait_for("the old authority stays")
        fourth = secure.connect(s, state + "/aside")
        assert secure.get(fourth).status == 200
        fourth.close()
    secure.close()


def _base64(pem):
    return b"".join(line for line in pem.split() if len(line) > 40)


# ---- Rights ----

def _need_root():
    if not IS_ROOT:
        raise Skip("only root can become another user")


def _status(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file
                    if ":\t" in line)


def _threads(pid):
    return [int(name) for name in os.listdir("/proc/%d/task" % pid)]


def _low_port():
    for port in range(1023, 500, -1):
        try:
            socket.create_server(("127.0.0.1", port)).close()
            return port
        except OSError:
            continue
    raise Skip("no port below 1024 is free")


def _children(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid),
              encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def root_becomes_an_ordinary_user():
    _need_root()
    secure = _Secure()
    port = _low_port()
    with _Service("--user", "nobody", "--state", "@HOME@/state",
                  "--listen", "127.0.0.1:%d" % port, "--decisions",
                  "@HOME@/log/decisions", *secure.options, ready=False) as s:
        state = s.home + "/state"
        _init(state)                    # root's, in a folder of mode 0700
        logs = s.home + "/log"
        os.mkdir(logs)
        os.chown(logs, NOBODY, NOBODY)
        s.start()
        s.wait_for("listening on 127.0.0.1:%d" % port)
        for tid in _threads(s.process.pid):
            status = _status(tid)
            assert set(status["Uid"].split()) == {str(NOBODY)}, status
            assert set(status["Gid"].split()) == {str(NOBODY)}, status
            assert "0" not in status["Groups"].split(), status
            assert int(status["CapPrm"], 16) == 0, status
            assert int(status["CapEff"], 16) == 0, status
            assert status["NoNewPrivs"] == "1"
        keeper, = _children(s.process.pid)
        assert int(_status(keeper)["CapEff"], 16) == 1 << 2, _status(keeper)
        server, = _children(keeper)
        assert int(_status(server)["CapPrm"], 16) == 0
        for pid in (keeper, server):
            assert "0" not in _status(pid)["Uid"].split()
        s.port = port
        client = secure.connect(s, state + "/ca.pem")
        assert secure.get(client).status == 200
        _init(state, "--force")
        s.process.send_signal(signal.SIGHUP)
        s.wait_for("a new authority signs")
        other = secure.connect(s, state + "/ca.pem")
        assert secure.get(other).status == 200
        assert secure.get(client).status == 200
        # Logs: turned over, then out of reach.
        os.rename(logs + "/decisions", logs + "/decisions.1")
        s.process.send_signal(signal.SIGUSR1)
        _wait_for_file(logs + "/decisions")
        assert os.stat(logs + "/decisions").st_uid == NOBODY
        os.rename(logs + "/decisions", logs + "/decisions.2")
        os.chown(logs, 0, 0)
        s.process.send_signal(signal.SIGUSR1)
        s.wait_for("the old log goes on")
        assert s.portal("/").status == 200
        for each in (client, other):
            each.close()
    secure.close()


def _wait_for_file(path):
    for _ in range(400):
        if os.path.exists(path):
            return
        time.sleep(0.05)
    raise AssertionError(path)


def keys_of_the_user_serve_as_well():
    _need_root()
    secure = _Secure()
    with _Service("--user", "nobody", "--state", "@HOME@/state",
                  *secure.options, ready=False) as s:
        state = s.home + "/state"
        _init(state)
        for path in (state, state + "/ca.pem", state + "/ca-key.pem"):
            os.chown(path, NOBODY, NOBODY)
        s.start()
        s.wait_for("listening on")
        client = secure.connect(s, state + "/ca.pem")
        assert secure.get(client).status == 200
        client.close()
    secure.close()


def an_authority_made_by_root_is_the_folders_owners():
    _need_root()
    folder = tempfile.mkdtemp(prefix="davyd-owner-")
    os.chown(folder, NOBODY, NOBODY)
    _init(folder)
    _init(folder, "--force")
    for name in os.listdir(folder):
        assert os.stat(os.path.join(folder, name)).st_uid == NOBODY, name
    assert len(os.listdir(folder)) == 4
    subprocess.run([os.path.join(os.getcwd(), "davyd"), "ca", "doctor",
                    "--state", folder], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    shutil.rmtree(folder)


def keys_of_others_are_refused_with_a_word_of_help():
    _need_root()
    for options, user, text in (
            (["--user", "nobody"], 0, "belongs to somebody else"),
            ([], NOBODY, "Permission denied (for user %d)" % NOBODY)):
        with _Service("--state", "@HOME@/state", *options, user=user,
                      status=2, ready=False) as s:
            state = s.home + "/state"
            _init(state)
            for path in (state, state + "/ca-key.pem"):
                os.chown(path, 12345, 12345)
            s.start()
            s.wait_for(text)
            s.wait_for("davyd ca doctor")


def who_is_not_root_can_become_nobody_else():
    _need_root()
    with _Service("--user", "daemon", user=NOBODY, status=2) as s:
        s.wait_for("only root can start davyd for user daemon")
    with _Service("--user", "nobody", user=NOBODY) as s:
        s.wait_for("listening on")
        assert "root" not in s.messages


def a_log_out_of_reach_is_told_at_the_start():
    _need_root()
    with _Service("--user", "nobody", "--decisions", "@HOME@/decisions",
                  status=2) as s:
        s.wait_for("Permission denied (for user %d)" % NOBODY)


def no_thread_asks_for_more_than_it_needs():
    with _Service() as s:
        s.wait_for("listening on")
        if "without a filter" in s.messages:
            raise Skip("davyd was built without libseccomp, or with a "
                       "sanitizer")
        for tid in _threads(s.process.pid):
            status = _status(tid)
            assert status["Seccomp"] == "2" and status["NoNewPrivs"] == "1"
    with _Service("--system-calls", "all") as s:
        s.wait_for("listening on")
        assert _status(s.process.pid)["Seccomp"] == "0"


def it_works_without_memory_that_is_written_and_run():
    """As with MemoryDenyWriteExecute= of the unit; Linux 6.3 and later."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_GET_MDWE, 0, 0, 0, 0) < 0:
        raise Skip("this kernel does not know PR_SET_MDWE")
    secure = _Secure()
    with _Service("--state", "@HOME@/state", *secure.options, ready=False,
                  before="import ctypes\nassert ctypes.CDLL(None).prctl("
                         "%d, 1, 0, 0, 0) == 0\n" % PR_SET_MDWE) as s:
        _init(s.home + "/state")
        s.start()
        s.wait_for("listening on")
        client = secure.connect(s, s.home + "/state/ca.pem")
        assert secure.get(client).status == 200
        s.process.send_signal(signal.SIGHUP)
        s.wait_for("new configuration, with rules")
        client.close()
    secure.close()


# ---- Logs ----

_MINER = "<p>x</p><script>%s</script>" % stage.MINER


def _mine(head, rest, sock):
    return stage.answer(_MINER)


def logs_go_to_the_systems_log():
    origin = stage.Origin(_mine)
    folder = tempfile.mkdtemp(prefix="davyd-log-")
    os.chmod(folder, 0o755)
    path = os.path.join(folder, "log")
    log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    log.bind(path)
    os.chmod(path, 0o666)
    log.settimeout(stage.TIME)
    conf = os.path.join(folder, "davyd.conf")
    with open(conf, "w", encoding="utf-8") as file:
        file.write("log:\n  decisions: syslog:%s\n  access: syslog:%s\n"
                   "  messages: syslog:%s\n" % (path, path, path))
    with _Service("--config", conf) as s:
        lines = _lines_until(log, "listening on")
        assert lines[-1].startswith("<30>"), lines
        assert s.get(origin).status == 200
        lines = _lines_until(log, '"GET http')
        decision, = [line for line in lines if '"ticket"' in line]
        assert decision.startswith("<29>"), decision
        assert json.loads(decision.partition("]: ")[2])["action"]
        # Broken files go to both: what is said, and what goes on.
        with open(conf, "a", encoding="utf-8") as file:
            file.write("nonsense: 1\n")
        s.process.send_signal(signal.SIGHUP)
        lines = _lines_until(log, "the old configuration stays")
        assert lines[-1].startswith("<27>"), lines
        assert "listening on" not in s.messages
    shutil.rmtree(folder)
    origin.close()


def _lines_until(log, text):
    lines = []
    while not lines or text not in lines[-1]:
        lines.append(log.recv(65536).decode())
    return lines


def _lost(metrics, name):
    start = 'davyd_log_lost_total{log="%s"} ' % name
    return int(metrics.partition(start)[2].split()[0])


def a_full_disk_is_told_once_and_counted():
    origin = stage.Origin(_mine)
    with _Service("--decisions", "/dev/full", "--access-log",
                  "/dev/full") as s:
        s.wait_for("listening on")
        for _ in range(20):
            assert s.get(origin).status == 200
        s.wait_for("the decision log cannot be written: No space left")
        s.wait_for("the access log cannot be written: No space left")
        assert s.messages.count("cannot be written") == 2, s.messages
        text = s.portal("/metrics").body.decode()
        for name in ("decisions", "access"):
            assert _lost(text, name) in (19, 20, 21), text
    origin.close()


# ---- Running ----

class Skip(Exception):
    """Why a test cannot be run here."""


def _main():
    failed = 0
    signal.alarm(110)
    for name, test in list(globals().items()):
        if name[0] == "_" or getattr(test, "__module__", "") != "__main__" \
                or isinstance(test, type):
            continue
        words = name.replace("_", " ")
        try:
            test()
            print("ok - " + words)
        except Skip as why:
            print("ok - %s # SKIP %s" % (words, why))
        except Exception:
            failed += 1
            print("not ok - " + words)
            stage.traceback.print_exc(file=sys.stdout)
        sys.stdout.flush()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    _main()
