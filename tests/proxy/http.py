#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Requests and answers pass through davyd as if it were not there."""
import os
import socket
import threading
import time

from stage import MINER, Origin, answer, field, fields, read_chunks, read_exactly, run


def a_clean_page_is_the_same(proxy):
    page = "<!DOCTYPE html><title>x</title><script>var a = 1;</script>" + \
        "y" * 100000
    origin = Origin(lambda *a: answer(page, extra='ETag: "1"\r\nX-A: 1\r\n'
                                                  "X-A: 2\r\nX-Empty:\r\n"))
    client = proxy.client()
    for _ in range(3):
        got = client.ask(origin.url("/a?b=%20c"))
        assert got.status == 200 and got.body == page.encode()
        names = [n for n, _ in fields(got.head)]
        assert names.count("x-a") == 2 and "x-empty" in names
        assert got.field("ETag") == '"1"'
        assert got.field("Via").startswith("1.1 davyd-")
        assert got.field("Connection") is None
    assert origin.requests[0].startswith(b"GET /a?b=%20c HTTP/1.1\r\n")


def fields_for_one_connection_stay_behind(proxy):
    def reply(*_):
        return answer("x", "text/plain",
                      extra="Connection: X-Hop\r\nX-Hop: 1\r\nX-Kept: 2\r\n"
                            "Keep-Alive: timeout=5\r\nAlt-Svc: h3=\":443\"\r\n")
    origin = Origin(reply)
    got = proxy.get(origin.url(), extra="Connection: keep-alive, X-Mine\r\n"
                    "X-Mine: 1\r\nProxy-Connection: keep-alive\r\nTE: gzip\r\n"
                    "Proxy-Authorization: Basic eDp5\r\nX-Kept: 3\r\n"
                    "Upgrade: h2c\r\nAccept-Encoding: gzip;q=0.5, sdch, br\r\n")
    names = [n for n, _ in fields(origin.requests[0])]
    for name in ("x-mine", "proxy-connection", "te", "proxy-authorization",
                 "upgrade", "expect"):
        assert name not in names, name
    assert field(origin.requests[0], "X-Kept") == "3"
    assert field(origin.requests[0], "Accept-Encoding") == "gzip;q=0.5, br"
    assert field(origin.requests[0], "Via").startswith("1.1 davyd-")
    assert names.count("host") == 1 and "accept" not in names
    assert "user-agent" not in names
    names = [n for n, _ in fields(got.head)]
    assert "x-hop" not in names and "keep-alive" not in names
    assert "alt-svc" not in names and "x-kept" in names


def large_bodies_pass_in_both_directions(proxy):
    data = os.urandom(5 << 20)

    def reply(head, rest, sock):
        length = field(head, "Content-Length")
        if length:
            body, _ = read_exactly(sock, rest, int(length))
        else:
            assert field(head, "Transfer-Encoding") == "chunked"
            body, _ = read_chunks(sock, rest)
        return answer(body, "application/octet-stream")
    origin = Origin(reply)
    client = proxy.client()
    got = client.ask(origin.url(), "POST",
                     "Content-Length: %d\r\n" % len(data), data)
    assert got.body == data
    chunks = b"".join(b"%x\r\n" % len(data[i:i + 70000]) + data[i:i + 70000]
                      + b"\r\n" for i in range(0, len(data), 70000))
    got = client.ask(origin.url(), "PUT", "Transfer-Encoding: chunked\r\n",
                     chunks + b"0\r\nX-Trailer: 1\r\n\r\n")
    assert got.body == data
    assert field(origin.requests[0], "Transfer-Encoding") is None


def a_slow_reader_gets_everything(proxy):
    data = os.urandom(3 << 20)
    origin = Origin(lambda *a: answer(data, "video/mp4"))
    client = proxy.client()
    client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.send("GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % origin.url())
    time.sleep(1)
    assert client.read().body == data


def answers_without_a_length_are_chunked(proxy):
    def reply(head, rest, sock):
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                     b"Transfer-Encoding: chunked\r\n\r\n"
                     b"3\r\nabc\r\n3\r\ndef\r\n0\r\nX-T: 1\r\n\r\n")
    origin = Origin(reply)
    got = proxy.get(origin.url())
    assert got.body == b"abcdef" and got.field("Transfer-Encoding")

    def until_close(head, rest, sock):
        sock.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nxyz")
    origin = Origin(until_close)
    assert proxy.get(origin.url()).body == b"xyz"
    client = proxy.client()
    client.send("GET %s HTTP/1.0\r\n\r\n" % origin.url())
    got = client.read()
    assert got.body == b"xyz" and not got.field("Transfer-Encoding")


def head_and_empty_answers_have_no_body(proxy):
    def reply(head, rest, sock):
        if head.startswith(b"HEAD"):
            return answer("x" * 77)[:-77]
        return b"HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n"
    origin = Origin(reply)
    client = proxy.client()
    got = client.ask(origin.url(), "HEAD")
    assert got.status == 200 and got.field("Content-Length") == "77"
    got = client.ask(origin.url())
    assert got.status == 204 and got.field("Content-Length") is None
    assert client.ask(origin.url(), "HEAD").status == 200


def requests_in_a_row_are_answered_in_order(proxy):
    origin = Origin(lambda head, *a: answer(head.split(b" ")[1], "text/plain"))
    client = proxy.client()
    client.send("".join("GET %s HTTP/1.1\r\nHost: x\r\n\r\n"
                        % origin.url("/%d" % i) for i in range(20)))
    for i in range(20):
        assert client.read().body == b"/%d" % i


def an_expectation_is_met(proxy):
    def reply(head, rest, sock):
        if b"/no" in head:
            return b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n" \
                b"Connection: close\r\n\r\n"
        sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body, _ = read_exactly(sock, rest, 5)
        return answer(body, "text/plain")
    origin = Origin(reply)
    client = proxy.client()
    client.send("POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                "Expect: 100-continue\r\n\r\n" % origin.url())
    line = client.sock.recv(100)
    assert line.startswith(b"HTTP/1.1 100 Continue\r\nVia: "), line
    client.send("hello")
    assert client.read().body == b"hello"
    client = proxy.client()
    client.send("POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                "Expect: 100-continue\r\n\r\n" % origin.url("/no"))
    assert client.read().status == 403 and client.has_ended()


def early_hints_go_on(proxy):
    origin = Origin(lambda *a: b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                    + answer("x", "text/plain"))
    client = proxy.client()
    client.send("GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % origin.url())
    data = b""
    while b"Content-Length" not in data:
        data += client.sock.recv(4096)
    assert data.startswith(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n")


def an_answer_that_breaks_off_breaks_off(proxy):
    def reply(head, rest, sock):
        kind = b"text/html" if b"html" in head else b"video/mp4"
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n"
                     b"Content-Type: " + kind + b"\r\n\r\nshort")
    origin = Origin(reply)
    try:
        proxy.get(origin.url("/video"))
        raise AssertionError("it ended as if it were whole")
    except (EOFError, ConnectionResetError):
        pass
    assert proxy.get(origin.url("/html")).status == 502


def origins_that_fail_are_named(proxy):
    with socket.create_server(("127.0.0.1", 0)) as s:
        port = s.getsockname()[1]
    got = proxy.get("http://127.0.0.1:%d/" % port)
    assert got.status == 502 and b"cannot be reached" in got.body
    got = proxy.get("http://no.such.host.invalid/")
    assert got.status == 502 and b"no site of this name" in got.body
    origin = Origin(lambda *a: b"NOT HTTP AT ALL\r\n\r\n")
    assert proxy.get(origin.url()).status == 502
    origin = Origin(lambda *a: b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 100000
                    + b"\r\n")
    assert proxy.get(origin.url()).status == 502


def max_forwards_and_trace(proxy):
    origin = Origin(lambda *a: answer("x", "text/plain"))
    client = proxy.client()
    got = client.ask(origin.url(), "OPTIONS", "Max-Forwards: 0\r\n")
    assert got.status == 200 and "GET" in got.field("Allow")
    assert not origin.requests
    client.ask(origin.url(), "OPTIONS", "Max-Forwards: 3\r\n")
    assert field(origin.requests[0], "Max-Forwards") == "2"
    assert client.ask(origin.url(), "TRACE").status == 405


def a_loop_is_seen(proxy):
    origin = Origin(lambda *a: answer("x", "text/plain"))
    via = proxy.get(origin.url()).field("Via").split(" ")[1]
    assert proxy.get(origin.url(), extra="Via: 1.0 a, 1.1 %s\r\n" % via
                     ).status == 508


def ambiguous_requests_reach_nobody(proxy):
    origin = Origin(lambda *a: answer("x", "text/plain"))
    start = "POST %s HTTP/1.1\r\nHost: x\r\n" % origin.url()
    for rest in ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
                 "\r\n",
                 "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
                 "Content-Length : 5\r\n\r\nhello", "X: a\r\n b\r\n\r\n",
                 "X: a\x00b\r\n\r\n", "X: a\n\r\n\r\n"):
        client = proxy.client()
        client.send(start + rest)
        assert client.read().status in (400, 501), rest
        assert client.has_ended(), rest
    assert not origin.requests


def bad_chunks_end_the_connection(proxy):
    origin = Origin(lambda head, rest, sock:
                    answer(read_chunks(sock, rest)[0], "text/plain"))
    client = proxy.client()
    client.send("POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                "\r\n0x5\r\nhello\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n"
                % origin.url())
    try:
        assert client.read().status in (400, 502)
        assert client.has_ended()
    except EOFError:
        pass
    assert not [r for r in origin.requests if b"smuggled" in r]


def the_portal_answers(proxy):
    client = proxy.client()
    for path in ("/", "/decisions", "/check", "/certificate", "/policy"):
        got = client.ask("http://davy.proxy" + path)
        assert got.status == 200 and b"<h1>" in got.body, path
        assert b"<script" not in got.body
    assert client.ask("http://davy.proxy/nothing").status == 404
    assert client.ask("http://davy.proxy/healthz").body == b"ok\n"
    assert b"davyd_requests_total " in client.ask(
        "http://davy.proxy/metrics").body
    client.send("GET /proxy.pac HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                "Davyd-Address: evil:1\r\n\r\n")
    got = client.read()
    assert got.field("Content-Type") == "application/x-ns-proxy-autoconfig"
    assert b'"PROXY 127.0.0.1:%d"' % proxy.port in got.body
    assert client.ask("http://davy.proxy/", "POST",
                      "Content-Length: 0\r\n").status == 405


def the_portal_checks_addresses(proxy):
    origin = Origin(lambda *a: answer("<script>%s</script>" % MINER))
    got = proxy.get("http://davy.proxy/check?url=" + origin.url("/%3Cb%3E"))
    assert b"without its miner" in got.body and b"<b>" not in got.body
    got = proxy.get("http://davy.proxy/check?url=http://coinhive.com/")
    assert b"davyd stops this" in got.body and b"DAVY-" in got.body
    origin = Origin(lambda *a: answer("fine"))
    got = proxy.get("http://davy.proxy/check?url=" + origin.url())
    assert b"lets this through" in got.body


def many_clients_at_once(proxy):
    origin = Origin(lambda head, *a: answer(head.split(b" ")[1] * 1000,
                                            "text/plain"))
    errors = []

    def work(n):
        try:
            client = proxy.client()
            for i in range(20):
                path = "/%d-%d" % (n, i)
                if client.ask(origin.url(path)).body != path.encode() * 1000:
                    errors.append(path)
        except Exception as e:
            errors.append(repr(e))
    threads = [threading.Thread(target=work, args=(n,)) for n in range(30)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not errors, errors[:3]


if __name__ == "__main__":
    run(globals())
