#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""access.py - who may use davyd: passwords, load balancers, numbers."""
import base64
import shutil
import tempfile
import time

import stage

# Of "open sesame" and "b", as htpasswd -B and mkpasswd write them, and one
# that takes its time.
ANN = "$2b$05$aaaaaaaaaaaaaaaaaaaaau2rg/FFZ6IfKFdOXqZYJa0vzE7FtqHEe"
BOB = "$5$saltsalt$c/6A0/3zcDEY0ITr7dI5DRD9cNwrX/WmI3xmfnLBbu5"
SLOW = "$2b$10$aaaaaaaaaaaaaaaaaaaaauyp7MPzMuc8sX1t9IwcgUEOJFsDCM43O"


def _basic(pair):
    return "Proxy-Authorization: Basic %s\r\n" % base64.b64encode(
        pair.encode()).decode()


def who_asks_is_asked_for_a_password(proxy):
    with stage.Configured("") as s:
        with open(s.folder + "/users", "w", encoding="utf-8") as file:
            file.write("# who may\nann:%s\nbob:%s\n" % (ANN, BOB))
        s.write("authentication:\n  users: users\n  realm: the office\n"
                "groups:\n  - name: bobs\n    users: [bob]\n"
                "policies:\n  - name: for-bob\n    for: [bobs]\n"
                "    private: yes\n    action: block\n"
                "  - name: rest\n    private: yes\n")
        s.reload("new configuration")
        url = s.origin.url()
        asked = s.proxy.get(url)
        assert asked.status == 407, asked.head
        assert stage.field(asked.head, "Proxy-Authenticate") \
            == 'Basic realm="the office", charset="UTF-8"', asked.head
        assert not s.origin.requests
        for pair, status in [("ann:open sesame", 200), ("ann:wrong", 407),
                             ("bob:b", 403), ("bob:b", 403),
                             ("eve:open sesame", 407), ("ann", 407)]:
            answer = s.proxy.get(url, extra=_basic(pair))
            assert answer.status == status, (pair, answer.head)
        client = s.proxy.client()
        for _ in range(50):
            assert client.ask(url, extra=_basic("ann:open sesame")).status \
                == 200
        client.close()
        assert b"Proxy-Authorization" not in b"".join(s.origin.requests)
        users = {d.get("user") for d in s.decisions()
                 if d["action"] in ("blocked", "rewritten")}
        assert users == {"ann", "bob"}, users
        assert s.proxy.get("http://davy.proxy/proxy.pac").status == 200


def a_client_that_leaves_while_its_password_is_checked_harms_nobody(proxy):
    with stage.Configured("") as s:
        with open(s.folder + "/users", "w", encoding="utf-8") as file:
            file.write("ann:" + SLOW)
        s.write("authentication:\n  users: users\n")
        s.reload("new configuration")
        for i in range(80):
            client = s.proxy.client()
            client.send(("GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n"
                         % (s.origin.url(), s.origin.host,
                            _basic("ann:%d" % i))).encode())
            client.close()
        answer = s.proxy.get(s.origin.url(), extra=_basic("ann:y"))
        assert answer.status in (407, 503), answer.head


def files_of_users_are_checked(proxy):
    folder = tempfile.mkdtemp(prefix="davyd-users-")
    rows = [("ann:$apr1$a$b\n", "users:1: this line has a hash that"),
            ("ann:secret\n", "use htpasswd -B"),
            ("ann\n", "users:1: this line is no name:hash"),
            ("", "has no users")]
    for text, fault in rows:
        with open(folder + "/users", "w", encoding="utf-8") as file:
            file.write(text)
        status, said = stage.test_configuration(
            "authentication: {users: %s/users}\n" % folder)
        assert status == 2 and fault in said, (text, said)
    shutil.rmtree(folder)


def a_balancer_says_who_the_client_is(proxy):
    port = stage.free_port()
    with stage.Configured("listen:\n  - address: 127.0.0.1:%d\n"
                "    proxy-protocol-from: [127.0.0.1]\n"
                "clients: [192.0.2.0/24]\n"
                "policies:\n  - name: all\n    private: yes\n" % port,
                listen=None) as s:
        s.proxy.port = port
        for head, status in [
                (b"PROXY TCP4 192.0.2.7 198.51.100.1 5 443\r\n", 200),
                (b"PROXY TCP4 198.51.100.7 198.51.100.1 5 443\r\n", 403),
                (b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x07"
                 b"\xc6\x33\x64\x01\0\1\0\2", 200)]:
            client = s.proxy.client()
            client.send(head[:5])
            time.sleep(0.05)
            client.send(head[5:])
            answer = client.ask(s.origin.url())
            assert answer.status == status, (head, answer.head)
            client.close()
        assert s.decisions()[0]["client"] == "192.0.2.7", s.decisions()
        client = s.proxy.client()
        client.send(b"GET / HTTP/1.1\r\n\r\n")
        assert client.has_ended()


def connections_of_one_client_have_an_end(proxy):
    with stage.Configured("limits:\n  connections-per-client: 3\npolicies:\n"
                "  - name: all\n    private: yes\n") as s:
        clients = [s.proxy.client() for _ in range(3)]
        for client in clients:
            assert client.ask(s.origin.url()).status == 200
        refused = s.proxy.client()
        assert b" 503 " in refused.sock.recv(4096)
        refused.close()
        clients[0].close()
        time.sleep(0.2)
        assert s.proxy.get(s.origin.url()).status == 200
        for client in clients[1:]:
            client.close()


if __name__ == "__main__":
    stage.run(globals())
