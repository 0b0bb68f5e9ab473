#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""davyd between clients and origins that speak TLS."""
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading

from stage import MINER, Origin, Proxy, answer, read_head

PAGE = "<!DOCTYPE html><title>x</title><p>Hello<script>%s</script>" % MINER


class SecureOrigin(Origin):
    def __init__(self, reply, folder):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder + "/origin.pem",
                                     folder + "/origin-key.pem")
        super().__init__(reply)

    def serve(self, sock):
        try:
            super().serve(self.context.wrap_socket(sock, server_side=True))
        except (OSError, ssl.SSLError):
            sock.close()


def make_origin_certificate(folder):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", folder + "/origin-key.pem", "-out",
         folder + "/origin.pem"], check=True, stderr=subprocess.DEVNULL)


class Stage:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="davyd-https-")
        os.chmod(self.folder, 0o755)
        state = self.folder + "/state"
        os.mkdir(state, 0o700)
        subprocess.run([os.getcwd() + "/davyd", "ca", "init", "--state",
                        state], check=True, stdout=subprocess.DEVNULL)
        make_origin_certificate(self.folder)
        self.ca = state + "/ca.pem"
        self.origin = SecureOrigin(self.reply, self.folder)
        self.pages = {}
        self.seen = []
        self.proxy = Proxy("--state", state, "--upstream-ca",
                           self.folder + "/origin.pem", "--connect-ports",
                           "443,%d" % self.origin.port)

    def reply(self, head, rest, sock):
        path = head.split(b" ")[1].decode()
        self.seen.append(head)
        return answer(self.pages.get(path, "nothing"))

    def connect(self, port=None, name="localhost", trusts=True):
        """(client that speaks TLS inside of a tunnel)"""
        client = self.proxy.client()
        port = port or self.origin.port
        client.send("CONNECT localhost:%d HTTP/1.1\r\nHost: localhost:%d\r\n"
                    "\r\n" % (port, port))
        head, rest = read_head(client.sock)
        assert b" 200 " in head.split(b"\r\n")[0] and not rest, head
        context = ssl.create_default_context(
            cafile=self.ca if trusts else None)
        client.sock = context.wrap_socket(client.sock, server_hostname=name)
        return client

    def get(self, client, path, extra=""):
        client.send("GET %s HTTP/1.1\r\nHost: localhost:%d\r\n%s\r\n"
                    % (path, self.origin.port, extra))
        return client.read()


def a_clean_page_passes(stage):
    stage.pages["/clean"] = "<p>clean" + "x" * 300000
    client = stage.connect()
    for _ in range(3):
        got = stage.get(client, "/clean")
        assert got.status == 200
        assert got.body.decode() == stage.pages["/clean"]
    assert client.sock.version() == "TLSv1.3"
    issuer = dict(x[0] for x in client.sock.getpeercert()["issuer"])
    assert "davy" in issuer["commonName"]


def a_miner_is_cut_out_inside_of_tls(stage):
    stage.pages["/bad"] = PAGE
    got = stage.get(stage.connect(), "/bad")
    assert got.status == 200
    assert got.body.decode() == PAGE.replace(MINER, "")
    assert "https://localhost:%d/bad" % stage.origin.port \
        in stage.proxy.log()


def a_refusal_is_a_page_inside_of_tls(stage):
    client = stage.connect()
    client.send("GET / HTTP/1.1\r\nHost: other.example\r\n\r\n")
    assert client.read().status == 421


def an_origin_without_a_good_certificate_is_refused(stage):
    other = tempfile.mkdtemp(prefix="davyd-other-")
    make_origin_certificate(other)
    origin = SecureOrigin(stage.reply, other)
    port = origin.port
    proxy = Proxy("--state", stage.folder + "/state", "--upstream-ca",
                  stage.folder + "/origin.pem", "--connect-ports", str(port))
    kept, stage.proxy = stage.proxy, proxy
    try:
        client = stage.connect(port)
        client.send("GET / HTTP/1.1\r\nHost: localhost:%d\r\n\r\n" % port)
        got = client.read()
        assert got.status == 502 and b"could not prove who it is" in got.body
    finally:
        stage.proxy = kept
        shutil.rmtree(other)
    assert proxy.close()


def another_name_than_that_of_connect_is_cut(stage):
    try:
        stage.connect(name="other.example")
        raise AssertionError("it was answered")
    except (ssl.SSLError, OSError):
        pass
    assert "another name" in stage.proxy.log()


def a_client_that_does_not_trust_us_is_left_alone(stage):
    stage.pages["/own"] = "own"
    try:
        stage.connect(trusts=False)
        raise AssertionError("it trusted us")
    except (ssl.SSLError, OSError):
        pass
    for _ in range(50):
        if '"action":"learned"' in stage.proxy.log():
            break
        threading.Event().wait(0.1)
    ca, stage.ca = stage.ca, stage.folder + "/origin.pem"
    client = stage.connect()
    assert stage.get(client, "/own").body == b"own"
    stage.ca = ca


def what_is_no_tls_ends(stage):
    client = stage.proxy.client()
    client.send("CONNECT localhost:%d HTTP/1.1\r\nHost: x\r\n\r\n"
                % stage.origin.port)
    read_head(client.sock)
    client.send(b'{"id":1,"method":"login","params":{}}\n')
    assert client.has_ended()


TESTS = [a_clean_page_passes, a_miner_is_cut_out_inside_of_tls,
         a_refusal_is_a_page_inside_of_tls,
         an_origin_without_a_good_certificate_is_refused,
         another_name_than_that_of_connect_is_cut, what_is_no_tls_ends,
         a_client_that_does_not_trust_us_is_left_alone]


def main():
    import signal
    import traceback
    signal.alarm(110)
    stage = Stage()
    failed = 0
    for test in TESTS:
        name = test.__name__.replace("_", " ")
        try:
            test(stage)
            print("ok - " + name)
        except Exception:
            failed += 1
            print("not ok - " + name)
            traceback.print_exc(file=sys.stdout)
    if not stage.proxy.close():
        failed += 1
        print("not ok - davyd ended with an error")
    shutil.rmtree(stage.folder)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
