#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""policy.py - davyd.conf: what it refuses, and what it does."""
import datetime
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time

import stage

DAY = datetime.date.today() + datetime.timedelta(days=30)


def a_wrong_configuration_is_refused_with_all_its_places(proxy):
    rows = [
        ("workres: 2\n", "FILE:1:1: there is no key workres here; is it "
                         "workers?"),
        ("workers: 0\n", "FILE:1:1: workers takes a number"),
        ("limits:\n  head-time: 5\n", "FILE:2:3: head-time takes a time"),
        ("policies:\n  - name: a\n    action: eat\n",
         "FILE:3:5: action takes one of rewrite, block, report, off, deny"),
        ("policies:\n  - name: a\n    for: [x]\n",
         "FILE:2:5: there is no group x"),
        ("exceptions:\n  - to: [a.example]\n    owner: me\n    reason: so\n",
         "the day on which the exception expires is missing"),
        ("exceptions:\n  - owner: me\n    reason: so\n"
         "    expires: 2999-01-01\n", "the exception is for everything"),
        ("exceptions:\n  - expires: 2026-02-30\n", "takes a day such as"),
        ("connect-ports: [443, 0]\n", "0 is no port"),
        ("clients: [10.0.0.1/8]\n", "has bits behind its prefix"),
        ("parents:\n  - through: ftp://a:1\n", "through takes http://"),
        ("include: [nothing.conf]\n", "nothing.conf cannot be read"),
        ("listen: 127.0.0.1:1\n", "listen takes a list"),
        ("a: [\n", "this is no YAML"),
        ("workers: 2\nworkers: 2\n", "FILE:2:1: this key stands twice"),
    ]
    for text, fault in rows:
        status, said = stage.test_configuration(text)
        assert status == 2, (text, said)
        assert fault in said, (text, said)
    status, said = stage.test_configuration("".join(text for text, _ in rows[:2]))
    assert "workres" in said and "takes a number" in said, said


def a_right_one_is_found_fine(proxy):
    status, said = stage.test_configuration("workers: 2\ngroups:\n  - name: a\n"
                         "    addresses: 10.0.0.0/8, ::1\n")
    assert status == 0, said
    assert "is fine: 1 listener, 1 group" in said, said


def files_are_included_and_joined(proxy):
    folder = tempfile.mkdtemp(prefix="davyd-conf-")
    os.mkdir(folder + "/conf.d")
    texts = {"davyd.conf": "include: [conf.d/*.conf]\nworkers: 1\n",
             "conf.d/1.conf": "groups:\n  - name: a\n    addresses: 10.1.1.1\n",
             "conf.d/2.conf": "groups:\n  - name: b\n    addresses: 10.1.1.2\n"}
    for name, text in texts.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    words = [os.path.join(os.getcwd(), "davyd"), "-t", "-c",
             folder + "/davyd.conf", "--pack",
             os.path.join(stage.TOP, "patterns")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60,
                          check=False)
    assert "2 groups" in done.stdout, done
    with open(folder + "/conf.d/2.conf", "a", encoding="utf-8") as file:
        file.write("workers: 2\n")
    done = subprocess.run(words, capture_output=True, text=True, timeout=60,
                          check=False)
    assert done.returncode == 2, done
    assert "2.conf:4:1: workers was given before, in" in done.stderr, done
    shutil.rmtree(folder)


def a_policy_says_what_becomes_of_a_miner(proxy):
    for action, status, has_miner, logged in [
            ("rewrite", 200, False, "rewritten"),
            ("block", 403, False, "blocked"),
            ("report", 200, True, "reported"),
            ("off", 200, True, None)]:
        with stage.Configured("policies:\n  - name: mine\n    to: [127.0.0.1]\n"
                    "    private: yes\n    action: %s\n" % action) as s:
            answer = s.proxy.get(s.origin.url())
            assert answer.status == status, (action, answer.head)
            assert (b"CoinHive.Anonymous" in answer.body
                    and b"<p>after" in answer.body) == has_miner, answer.body
            decisions = s.decisions()
            assert [d["action"] for d in decisions] == (
                [logged] if logged else []), decisions
            if logged:
                assert decisions[0]["policy"] == "mine", decisions


def where_no_policy_fits_private_networks_are_closed(proxy):
    with stage.Configured("policies:\n  - name: mine\n    to: [other.example]\n"
                "    private: yes\n") as s:
        assert s.proxy.get(s.origin.url()).status == 403


def deny_lets_only_named_hosts_pass(proxy):
    with stage.Configured("policies:\n  - name: kiosk\n    action: deny\n"
                "    private: yes\n    allow: [localhost]\n") as s:
        port = s.origin.port
        assert s.proxy.get("http://localhost:%d/" % port).status == 200
        refused = s.proxy.get(s.origin.url())
        assert refused.status == 403, refused.head
        assert b"not among those" in refused.body, refused.body
        assert s.decisions()[-1]["action"] == "denied", s.decisions()


def an_exception_is_logged_with_its_owner(proxy):
    text = ("policies:\n  - name: all\n    private: yes\n"
            "exceptions:\n  - to: [127.0.0.1]\n    owner: lab@example.org\n"
            "    reason: we study miners\n    expires: %s\n")
    with stage.Configured(text % DAY) as s:
        assert b"CoinHive" in s.proxy.get(s.origin.url()).body
        decision = s.decisions()[-1]
        assert decision["action"] == "excepted", decision
        assert decision["owner"] == "lab@example.org", decision
    with stage.Configured(text % "2020-01-01") as s:
        assert b"CoinHive" not in s.proxy.get(s.origin.url()).body


def an_exception_for_other_rules_does_not_hold(proxy):
    with stage.Configured("policies:\n  - name: all\n    private: yes\n"
                "exceptions:\n  - rules: [DAVY-9999]\n    owner: me\n"
                "    reason: so\n    expires: %s\n" % DAY) as s:
        assert b"CoinHive" not in s.proxy.get(s.origin.url()).body


def what_was_reported_is_not_remembered_as_clean(proxy):
    def tagged(head, rest, sock):
        if b"If-None-Match" in head:
            return b"HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n"
        return stage.answer(stage.PAGE, extra='ETag: "1"\r\n')

    text = "policies:\n  - name: all\n    private: yes\n    action: %s\n"
    with stage.Configured(text % "report", page=tagged) as s:
        url = s.origin.url()
        assert b"CoinHive" in s.proxy.get(url).body
        s.write(text % "block")
        s.reload("new configuration")
        answer = s.proxy.get(url, extra='If-None-Match: "1"\r\n')
        assert answer.status == 403, answer.head


def a_reload_changes_the_policy_and_keeps_connections(proxy):
    text = "policies:\n  - name: all\n    private: yes\n    action: %s\n"
    with stage.Configured(text % "report") as s:
        client = s.proxy.client()
        assert client.ask(s.origin.url()).status == 200
        s.write("policies: nonsense\n")
        s.reload("the old configuration stays")
        assert client.ask(s.origin.url()).status == 200
        s.write(text % "block")
        s.reload("new configuration")
        assert client.ask(s.origin.url()).status == 403
        client.close()


def a_content_security_policy_is_added_to_pages_only(proxy):
    def kinds(head, rest, sock):
        if b"/js" in head.split(b"\r\n")[0]:
            return stage.answer("var a = 1;", "text/javascript")
        return stage.answer("<p>clean", "text/html; charset=utf-8",
                            extra="Content-Security-Policy: img-src *\r\n")

    with stage.Configured("policies:\n  - name: all\n    private: yes\n"
                "    csp: \"worker-src 'none'\"\n", page=kinds) as s:
        page = s.proxy.get(s.origin.url())
        policies = [value for name, value in stage.fields(page.head)
                    if name == "content-security-policy"]
        assert policies == ["img-src *", "worker-src 'none'"], policies
        assert page.body == b"<p>clean"
        script = s.proxy.get(s.origin.url("/js"))
        assert b"worker-src" not in script.head


def clients_from_elsewhere_are_refused(proxy):
    with stage.Configured("clients: [10.0.0.0/8]\n") as s:
        refused = s.proxy.get(s.origin.url())
        assert refused.status == 403, refused.head
        assert b"may not use the proxy" in refused.body
        assert not s.origin.requests


def groups_go_by_listening_address(proxy):
    ports = [stage.free_port(), stage.free_port()]
    with stage.Configured("policies:\n  - name: lab\n    for: [lab]\n"
                "    action: report\n    private: yes\n"
                "  - name: rest\n    private: yes\n    action: block\n"
                "groups:\n  - name: lab\n    listeners: [lab]\n"
                "listen:\n  - address: 127.0.0.1:%d\n    name: lab\n"
                "  - address: 127.0.0.1:%d\n" % tuple(ports),
                listen=None) as s:
        for port, status in zip(ports, (200, 403)):
            s.proxy.port = port
            assert s.proxy.get(s.origin.url()).status == status, port


def plaintext_in_a_tunnel_is_named_and_cut(proxy):
    def silent(head, rest, sock):
        return None

    login = (b'{"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"'
             + b"4" * 95 + b'","pass":"x","agent":"XMRig/6.21.0",'
             b'"algo":["rx/0"]}}\n')
    with stage.Configured("connect-ports: [%d]\npolicies:\n  - name: all\n"
                "    private: yes\n" % stage.free_port()) as s:
        s.write("connect-ports: [%d]\npolicies:\n  - name: all\n"
                "    private: yes\n" % s.origin.port)
        s.reload("new configuration")
        client = s.proxy.client()
        client.send(("CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n"
                     % (s.origin.host, s.origin.host)).encode() + login)
        assert b" 200 " in stage.read_head(client.sock)[0]
        assert client.has_ended()
        decision = s.decisions()[-1]
        assert decision["action"] == "cut", decision
        assert decision.get("verdict") == "miner", decision
        assert not s.origin.requests


def http_in_a_tunnel_is_judged_where_the_policy_says_so(proxy):
    with stage.Configured("connect-ports: [80]\n") as s:
        s.write("connect-ports: [%d]\npolicies:\n  - name: all\n"
                "    private: yes\n    plaintext: judge\n" % s.origin.port)
        s.reload("new configuration")
        client = s.proxy.client()
        client.send(("CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n"
                     % (s.origin.host, s.origin.host)).encode())
        head, _ = stage.read_head(client.sock)
        assert b" 200 " in head, head
        client.send(("GET / HTTP/1.1\r\nHost: %s\r\n\r\n"
                     % s.origin.host).encode())
        answer = client.read()
        assert answer.status == 200, answer.head
        assert b"CoinHive" not in answer.body and b"after" in answer.body
        client.send(b"GET / HTTP/1.1\r\nHost: other.example\r\n\r\n")
        assert client.read().status == 421
        client.close()


def http_alone_is_served_on_its_connect_ports(proxy):
    with stage.Configured("") as s:
        s.write("connect-http-ports: [%d]\npolicies:\n  - name: all\n"
                "    private: yes\n" % s.origin.port)
        s.reload("new configuration")
        for first, passes in [(b"GET /x HTTP/1.1\r\nHost: %s\r\n\r\n"
                               % s.origin.host.encode(), True),
                              (_hello("localhost"), False),
                              (b"SSH-2.0-x\r\n", False)]:
            client = s.proxy.client()
            client.send(("CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n"
                         % (s.origin.host, s.origin.host)).encode())
            head, _ = stage.read_head(client.sock)
            assert b" 200 " in head, head
            client.send(first)
            if passes:
                answer = client.read()
                assert answer.status == 200 and b"after" in answer.body
                assert b"CoinHive" not in answer.body
            else:
                assert client.has_ended()
            client.close()
        assert len(s.origin.requests) == 1, s.origin.requests


def a_parent_is_asked_for_the_whole_address(proxy):
    def parent(head, rest, sock):
        line = head.split(b"\r\n")[0].decode()
        return stage.answer("asked for " + line, "text/plain")

    with stage.Configured("") as s:
        proxy_origin = stage.Origin(parent)
        with open(s.folder + "/secret", "w", encoding="utf-8") as file:
            file.write("user:word\n")
        s.write("parents:\n  - to: [near.example]\n    through: direct\n"
                "  - through: http://%s\n    credentials: secret\n"
                % proxy_origin.host)
        s.reload("new configuration")
        answer = s.proxy.get("http://far.example/x?y")
        assert answer.body == b"asked for GET http://far.example/x?y HTTP/1.1"
        head = proxy_origin.requests[-1]
        assert stage.field(head, "Proxy-Authorization") \
            == "Basic dXNlcjp3b3Jk", head
        assert stage.field(head, "Host") == "far.example", head
        assert stage.field(head, "Proxy-Connection") is None, head
        assert s.proxy.get("http://127.0.0.1/").status == 403
        assert s.proxy.get("http://near.example/").status == 502
        proxy_origin.close()


def a_tunnel_goes_through_the_parent(proxy):
    def parent(head, rest, sock):
        if not head.startswith(b"CONNECT far.example:443 HTTP/1.1"):
            return stage.answer("no", status="400 Bad Request")
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        sock.sendall(sock.recv(65536))
        return None

    with stage.Configured("") as s:
        proxy_origin = stage.Origin(parent)
        s.write("parents:\n  - through: http://%s\n" % proxy_origin.host)
        s.reload("new configuration")
        client = s.proxy.client()
        client.send(b"CONNECT far.example:443 HTTP/1.1\r\n"
                    b"Host: far.example:443\r\n\r\n")
        assert b" 200 " in stage.read_head(client.sock)[0]
        hello = _hello("far.example")
        client.send(hello)
        assert client.sock.recv(len(hello)) == hello
        client.close()
        proxy_origin.close()


def _hello(name):
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    tls = context.wrap_bio(incoming, outgoing, server_hostname=name)
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def tls_for_another_name_is_cut(proxy):
    def echo(head, rest, sock):
        return None

    with stage.Configured("") as s:
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        s.write("connect-ports: [%d]\npolicies:\n  - name: all\n"
                "    private: yes\n" % port)
        s.reload("new configuration")
        for name, passes in [("localhost", True), ("coinhive.com", False)]:
            client = s.proxy.client()
            client.send(("CONNECT localhost:%d HTTP/1.1\r\n"
                         "Host: localhost:%d\r\n\r\n" % (port, port))
                        .encode())
            head, _ = stage.read_head(client.sock)
            assert b" 200 " in head, head
            origin, _ = listener.accept()
            origin.settimeout(stage.TIME)
            client.send(_hello(name))
            if passes:
                assert origin.recv(3) == b"\x16\x03\x01"
            else:
                assert client.has_ended()
                assert s.decisions()[-1]["reason"] \
                    == "TLS asks for another name than CONNECT"
            origin.close()
            client.close()
        client = s.proxy.client()
        client.send(("CONNECT 127.0.0.1:%d HTTP/1.1\r\n"
                     "Host: 127.0.0.1:%d\r\n\r\n" % (port, port)).encode())
        assert b" 200 " in stage.read_head(client.sock)[0]
        client.send(_hello("coinhive.com"))
        assert client.has_ended()
        assert s.decisions()[-1]["verdict"] == "miner", s.decisions()[-1]
        listener.close()


def administrators_alone_see_who_asked_for_what(proxy):
    with stage.Configured("portal:\n  admins: [10.0.0.0/8]\n") as s:
        assert s.proxy.get("http://davy.proxy/decisions").status == 403
        assert s.proxy.get("http://davy.proxy/metrics").status == 403
        assert s.proxy.get("http://davy.proxy/proxy.pac").status == 200
        welcome = s.proxy.get("http://davy.proxy/")
        assert welcome.status == 200 and b"Requests" not in welcome.body
        assert s.proxy.get("http://davy.proxy/decisions",
                           extra="Davyd-Admin: yes\r\n").status == 403


def a_stalled_origin_is_named(proxy):
    def stall(head, rest, sock):
        time.sleep(5)
        return None

    with stage.Configured("limits:\n  stall-time: 1s\npolicies:\n  - name: all\n"
                "    private: yes\n", page=stall) as s:
        answer = s.proxy.get(s.origin.url())
        assert answer.status == 504, answer.head


def slow_senders_are_cut_off(proxy):
    with stage.Configured("limits:\n  stall-time: 1s\n  slow-size: 1K\npolicies:\n"
                "  - name: all\n    private: yes\n") as s:
        client = s.proxy.client()
        client.send(("POST %s HTTP/1.1\r\nHost: %s\r\n"
                     "Content-Length: 100000\r\n\r\n"
                     % (s.origin.url(), s.origin.host)).encode())
        began = time.monotonic()
        try:
            while time.monotonic() - began < 10:
                client.send(b"x")
                time.sleep(0.1)
        except OSError:
            pass
        assert time.monotonic() - began < 5
        client.close()


if __name__ == "__main__":
    stage.run(globals())
