# SPDX-License-Identifier: MIT
"""stage.py - a davyd, origins whose every byte is chosen, and clients.

Everything listens on 127.0.0.1 and ends with the test, or after two minutes.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import types

TOP = os.environ.get("top_srcdir") or os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "..")
TIME = 20
KEY = "0123456789abcdef0123456789ABCDEF"
MINER = ('new CoinHive.Anonymous("%s", {throttle: 0.3}).start();' % KEY)


def read_head(sock, data=b""):
    """Read up to the empty line: (head, what came behind it)."""
    while b"\r\n\r\n" not in data:
        more = sock.recv(65536)
        if not more:
            raise EOFError("the head ended early: %r" % data[:200])
        data += more
    head, _, rest = data.partition(b"\r\n\r\n")
    return head, rest


def fields(head):
    """Names in lower case and values, in order."""
    pairs = []
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        pairs.append((name.decode("latin-1").lower(),
                      value.strip().decode("latin-1")))
    return pairs


def field(head, name):
    for key, value in fields(head):
        if key == name.lower():
            return value
    return None


class Origin:
    """Answers each request by `answer(head, rest, sock)`, which returns the
    bytes to send, or None when it has written them itself.  A connection is
    closed after each answer that says so, else kept."""

    def __init__(self, answer):
        self.answer = answer
        self.requests = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.host = "127.0.0.1:%d" % self.port
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            sock.settimeout(TIME)
            threading.Thread(target=self.serve, args=(sock,),
                             daemon=True).start()

    def serve(self, sock):
        rest = b""
        try:
            while True:
                head, rest = read_head(sock, rest)
                self.requests.append(head)
                answer = self.answer(head, rest, sock)
                rest = b""
                if answer is not None:
                    sock.sendall(answer)
                if answer is None or b"Connection: close" in answer:
                    break
        except (OSError, EOFError):
            pass
        sock.close()

    def url(self, path="/"):
        return "http://%s%s" % (self.host, path)

    def close(self):
        self.listener.close()


def answer(body, kind="text/html", status="200 OK", extra=""):
    if isinstance(body, str):
        body = body.encode()
    head = "HTTP/1.1 %s\r\nContent-Type: %s\r\n%sContent-Length: %d\r\n\r\n" % (
        status, kind, extra, len(body))
    return head.encode() + body


def read_exactly(sock, data, n):
    while len(data) < n:
        more = sock.recv(65536)
        if not more:
            raise EOFError("the body ended early")
        data += more
    return data[:n], data[n:]


def read_chunks(sock, data):
    body = b""
    while True:
        while b"\r\n" not in data:
            more = sock.recv(65536)
            if not more:
                raise EOFError("the chunks ended early")
            data += more
        line, _, data = data.partition(b"\r\n")
        size = int(line.split(b";")[0], 16)
        chunk, data = read_exactly(sock, data, size + 2)
        if size == 0:
            return body, data
        body += chunk[:-2]


class Answer:
    def __init__(self, head, body):
        self.head = head
        self.body = body
        self.status = int(head.split(b" ")[1])

    def field(self, name):
        return field(self.head, name)


class Client:
    """One connection to the proxy."""

    def __init__(self, proxy):
        self.sock = socket.create_connection(("127.0.0.1", proxy.port), TIME)
        self.sock.settimeout(TIME)
        self.rest = b""

    def send(self, data):
        self.sock.sendall(data if isinstance(data, bytes) else data.encode())

    def read(self, method="GET"):
        """The next final answer."""
        while True:
            head, data = read_head(self.sock, self.rest)
            self.rest = data
            if int(head.split(b" ")[1]) >= 200:
                break
        status = int(head.split(b" ")[1])
        if method == "HEAD" or status in (204, 304):
            return Answer(head, b"")
        if field(head, "Transfer-Encoding"):
            body, self.rest = read_chunks(self.sock, data)
        elif field(head, "Content-Length"):
            body, self.rest = read_exactly(
                self.sock, data, int(field(head, "Content-Length")))
        else:
            body = data
            while True:
                more = self.sock.recv(65536)
                if not more:
                    break
                body += more
            self.rest = b""
        return Answer(head, body)

    def ask(self, url, method="GET", extra="", body=b""):
        host = url.split("/")[2]
        self.send(("%s %s HTTP/1.1\r\nHost: %s\r\n%s\r\n"
                   % (method, url, host, extra)).encode() + body)
        return self.read(method)

    def has_ended(self):
        """No byte more; the connection is closed or reset."""
        try:
            return not self.rest and self.sock.recv(1) == b""
        except ConnectionResetError:
            return True

    def close(self):
        self.sock.close()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


class Proxy:
    def __init__(self, *options, allow_private=True, listen="127.0.0.1:%d"):
        self.port = free_port()
        self.folder = tempfile.mkdtemp(prefix="davyd-test-")
        self.decisions = os.path.join(self.folder, "decisions")
        words = ["timeout", "120", os.path.join(os.getcwd(), "davyd")]
        if "--config" not in options:
            words += ["--config", "none"]
        if listen is not None:
            words += ["--listen", listen % self.port]
        words += ["--pack", os.path.join(TOP, "patterns"),
                  "--decisions", self.decisions, *options]
        if allow_private:
            words.append("--allow-private")
        self.process = subprocess.Popen(
            words, stderr=subprocess.PIPE, text=True, start_new_session=True)
        for line in self.process.stderr:
            if "listening on" in line:
                break
        else:
            raise RuntimeError("davyd does not start")
        self.messages = ""
        threading.Thread(target=self.read_messages, daemon=True).start()

    def read_messages(self):
        for line in self.process.stderr:
            self.messages += line

    def client(self):
        return Client(self)

    def get(self, url, **more):
        client = self.client()
        result = client.ask(url, **more)
        client.close()
        return result

    def log(self):
        with open(self.decisions, encoding="utf-8") as file:
            return file.read()

    def signal(self, number):
        """To davyd itself: timeout(1), its parent, would die of some."""
        pid = self.process.pid
        with open("/proc/%d/task/%d/children" % (pid, pid),
                  encoding="ascii") as file:
            for child in file.read().split():
                os.kill(int(child), number)

    def close(self):
        """End it; a failure of the program is a failure of the test."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(30)
        if "ERROR: " in self.messages or "runtime error" in self.messages:
            print(self.messages)
            return False
        return status == 0


PAGE = "<p>before</p><script>%s</script><p>after</p>" % MINER


def miner_page(head, rest, sock):
    return answer(PAGE)


class Configured:
    """A davyd with a configuration and an origin with a miner in its page."""

    def __init__(self, text, page=None, **more):
        self.folder = tempfile.mkdtemp(prefix="davyd-policy-")
        self.file = os.path.join(self.folder, "davyd.conf")
        self.origin = Origin(page or miner_page)
        self.write(text)
        self.proxy = Proxy("--config", self.file, allow_private=False,
                                 **more)

    def write(self, text):
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(text)

    def reload(self, message):
        before = self.proxy.messages.count(message)
        self.proxy.signal(signal.SIGHUP)
        for _ in range(200):
            if self.proxy.messages.count(message) > before:
                return
            time.sleep(0.05)
        raise AssertionError(self.proxy.messages)

    def __enter__(self):
        return self

    def __exit__(self, *why):
        ended = self.proxy.close()
        self.origin.close()
        shutil.rmtree(self.folder)
        if why[0] is None:
            assert ended, "davyd ended with an error"

    def decisions(self):
        return [json.loads(line) for line in self.proxy.log().splitlines()]


def test_configuration(text, *options):
    """What `davyd -t` says to a configuration: (status, messages)."""
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
        file.write(text)
        file.flush()
        done = subprocess.run(
            [os.path.join(os.getcwd(), "davyd"), "-t", "-c", file.name,
             "--pack", os.path.join(TOP, "patterns"), *options],
            capture_output=True, text=True, timeout=60, check=False)
        return (done.returncode,
                (done.stdout + done.stderr).replace(file.name, "FILE"))


def run(names, *options):
    """Run the functions of a program, but those that begin with _, each with a
    proxy that they share."""
    tests = [f for name, f in list(names.items())
             if isinstance(f, types.FunctionType) and name[0] != "_"
             and f.__module__ == "__main__"]
    signal.alarm(110)
    failed = 0
    proxy = Proxy(*options)
    for test in tests:
        name = test.__name__.replace("_", " ")
        try:
            test(proxy)
            print("ok - " + name)
        except Exception:
            failed += 1
            print("not ok - " + name)
            traceback.print_exc(file=sys.stdout)
    if not proxy.close():
        failed += 1
        print("not ok - davyd ended with an error")
    sys.exit(1 if failed else 0)
