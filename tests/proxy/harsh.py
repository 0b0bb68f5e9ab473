#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""harsh.py - the worst origins and clients: davyd answers clearly or cuts, goes
on, and neither its memory nor its descriptors grow."""
import base64
import gzip
import hashlib
import os
import resource
import socket
import struct
import threading
import time
import zlib

import stage
from stage import Origin, Proxy, answer

PLENTY = 64 << 20           # bytes that a proxy must not keep
SMALL = 24 << 10            # kB that davyd may grow by meanwhile
JUDGED = 128 << 10          # the same, while it judges judge-size, 16 MB


def _davyd(proxy):
    pid = proxy.process.pid
    with open("/proc/%d/task/%d/children" % (pid, pid),
              encoding="ascii") as file:
        return int(file.read().split()[0])


def _resident(proxy):
    """In kB; 0 under a sanitizer, which keeps what was freed."""
    with open("/proc/%d/maps" % _davyd(proxy), encoding="ascii") as file:
        if "san.so" in file.read():
            return 0
    with open("/proc/%d/status" % _davyd(proxy), encoding="ascii") as file:
        return int(file.read().split("VmRSS:")[1].split()[0])


def _descriptors(proxy):
    return len(os.listdir("/proc/%d/fd" % _davyd(proxy)))


def _goes_on(proxy):
    origin = Origin(lambda *a: answer("<p>fine</p>"))
    got = proxy.get(origin.url())
    origin.close()
    assert got.status == 200 and got.body == b"<p>fine</p>", got.head


def _get(proxy, reply, path="/", extra=""):
    """The answer, or None when it was cut off."""
    origin = Origin(lambda head, rest, sock: _say(sock, reply))
    try:
        return proxy.get(origin.url(path), extra=extra)
    except (OSError, EOFError, ValueError):
        return None
    finally:
        origin.close()


def _say(sock, reply):
    if callable(reply):
        reply(sock)
    else:
        sock.sendall(reply)
    sock.shutdown(socket.SHUT_RDWR)


# ---- Origins ----

def heads_that_are_none_are_named(proxy):
    fields = b"".join(b"X-%d: y\r\n" % i for i in range(100000))
    start = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    rows = [b"", b"\r\n", b"HTTP", b"GET / HTTP/1.1\r\n\r\n",
            b"HTTP/1.1 99999 OK\r\n\r\n", b"HTTP/9.9 200 OK\r\n\r\n",
            start + fields + b"\r\nx", start + b"X: " + b"y" * (10 << 20),
            start + b"Content-Length: 5, 6\r\n\r\nhello",
            start + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
            start + b"Content-Length: -1\r\n\r\nhello",
            start + b"Content-Length: 99999999999999999999\r\n\r\nhello",
            start + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello",
            start + b"Transfer-Encoding: chunked\r\n\r\n"
                    b"ffffffffffffffffff\r\nhello",
            start + b"Content-Length: 500\r\n\r\nonly this"]
    for reply in rows:
        got = _get(proxy, reply)
        assert got is not None and got.status == 502, reply[:80]
    _goes_on(proxy)


def every_beginning_of_an_answer_is_an_end(proxy):
    whole = answer("<p>hello</p>", extra="X-A: b\r\n")
    for n in range(0, len(whole), 3):
        got = _get(proxy, whole[:n])
        assert got is not None and got.status == 502, whole[:n]
    _goes_on(proxy)


def interim_answers_without_end_are_an_end(proxy):
    def reply(sock):
        for _ in range(200000):
            sock.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
    before = _resident(proxy)
    origin = Origin(lambda head, rest, sock: _say(sock, reply))
    client = proxy.client()
    client.send("GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % origin.url())
    time.sleep(1)
    client.close()
    origin.close()
    _goes_on(proxy)
    assert _resident(proxy) - before < SMALL


def a_stream_without_end_takes_no_memory(proxy):
    """What claims a terabyte, of any type; the client leaves after a while."""
    for kind in (b"video/mp4", b"text/html", b"application/zip"):
        def reply(sock, kind=kind):
            sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: " + kind
                         + b"\r\nContent-Length: 1099511627776\r\n\r\n")
            while True:
                sock.sendall(b"PK\3\4" + bytes(65532))
        origin = Origin(lambda head, rest, sock: _say(sock, reply))
        before = _resident(proxy)
        client = proxy.client()
        client.send("GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % origin.url())
        taken = 0
        while taken < PLENTY:
            piece = client.sock.recv(1 << 20)
            if not piece:
                break
            taken += len(piece)
        assert kind == b"text/html" or taken >= PLENTY, (kind, taken)
        grown = _resident(proxy) - before
        assert grown < (JUDGED if kind == b"text/html" else SMALL), (kind,
                                                                     grown)
        client.close()
        origin.close()
    _goes_on(proxy)


def chunks_without_end_take_no_memory(proxy):
    for chunk in (b"1\r\nx\r\n" * 4096,
                  b"1;" + b"e" * 8000 + b"\r\nx\r\n"):
        def reply(sock, chunk=chunk):
            sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n"
                         b"Transfer-Encoding: chunked\r\n\r\n")
            while True:
                sock.sendall(chunk)
        before = _resident(proxy)
        origin = Origin(lambda head, rest, sock: _say(sock, reply))
        client = proxy.client()
        client.send("GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % origin.url())
        end = time.time() + 2
        while time.time() < end and client.sock.recv(1 << 20):
            pass
        client.close()
        origin.close()
        assert _resident(proxy) - before < SMALL
    _goes_on(proxy)


def bombs_are_bounded(_):
    proxy = Proxy("--workers", "1")
    page = b"<p>" + b"x" * (256 << 20)
    packed = gzip.compress(page, 9)
    twice = gzip.compress(packed, 9)
    raw = zlib.compress(page, 9)
    before = _resident(proxy)
    for coding, body in (("gzip", packed), ("gzip, gzip", twice),
                         ("deflate", raw)):
        start = time.time()
        got = _get(proxy, answer(body, extra="Content-Encoding: %s\r\n"
                                 % coding))
        assert got is not None and got.status in (200, 502), got
        assert got.status == 502 or got.body == body
        assert time.time() - start < 10, coding
    _goes_on(proxy)
    assert _resident(proxy) - before < JUDGED
    assert proxy.close()


def an_answer_before_the_question_is_an_answer(proxy):
    origin = Origin(lambda *a: answer("<p>no</p>", status="403 Forbidden"))
    client = proxy.client()
    client.send("POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n"
                "\r\nabc" % origin.url())
    assert client.read().status == 403
    assert client.has_ended()
    _goes_on(proxy)


def origins_that_stall_are_named(_):
    proxy = _with_limits("stall-time: 1s\n  hold-time: 500ms")
    for reply in (b"", b"HTTP/1.1 200 O",
                  b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n"):
        def stall(sock, reply=reply):
            sock.sendall(reply)
            time.sleep(8)
        start = time.time()
        got = _get(proxy, stall)
        assert got is not None and got.status == 504, (reply, got)
        assert time.time() - start < 5
    _goes_on(proxy)
    assert proxy.close()


# ---- Clients ----

def _with_limits(text):
    folder = stage.tempfile.mkdtemp(prefix="davyd-harsh-")
    path = os.path.join(folder, "davyd.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write("limits:\n  %s\n" % text)
    return Proxy("--config", path)


def clients_that_leave_at_any_time_leave_nothing(proxy):
    def reply(sock):
        sock.sendall(answer("<p>" + "x" * 200000))
    origin = Origin(lambda head, rest, sock: _say(sock, reply))
    request = ("POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n%s"
               % (origin.url(), "b" * 50)).encode()
    before = _descriptors(proxy)
    for n in range(1, len(request) + 1, 2):
        for is_reset in (False, True):
            client = proxy.client()
            client.send(request[:n])
            if is_reset:
                client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                       struct.pack("ii", 1, 0))
            client.close()
    _goes_on(proxy)
    assert _is_left(proxy, before + 4), (before, _descriptors(proxy))
    origin.close()


def a_thousand_requests_at_once_are_answered_in_order(proxy):
    def reply(head, rest, sock):
        return answer(head.split(b" ")[1], "text/plain")
    origin = Origin(reply)
    client = proxy.client()
    text = "".join("GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % origin.url("/%d" % i)
                   for i in range(1000))
    threading.Thread(target=client.send, args=(text,), daemon=True).start()
    for i in range(1000):
        assert client.read().body == b"/%d" % i, i
    origin.close()


def many_connections_leave_nothing(proxy):
    before = _resident(proxy), _descriptors(proxy)
    for _ in range(3000):
        socket.create_connection(("127.0.0.1", proxy.port)).close()
    _goes_on(proxy)
    assert _resident(proxy) - before[0] < SMALL
    assert _descriptors(proxy) - before[1] < 16


def _is_left(proxy, descriptors):
    for _ in range(80):
        if _descriptors(proxy) <= descriptors:
            return True
        time.sleep(0.05)
    return False


def slow_heads_and_bodies_and_readers_are_cut_off(_):
    proxy = _with_limits("head-time: 1s\n  stall-time: 1s\n  slow-size: 4K")
    origin = Origin(lambda *a: answer(bytes(64 << 20), "video/mp4"))
    before = _descriptors(proxy)

    def trickle(first, rest):
        client = proxy.client()
        client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.send(first)
        end = time.time() + 3
        try:
            while time.time() < end:
                if rest is None:
                    client.sock.recv(16)
                else:
                    client.send(rest)
                time.sleep(0.05)
        except OSError:
            pass
        assert _is_left(proxy, before), "a slow client stays: %r" % first[:9]
        client.close()
    host = origin.url()
    trickle("GET %s HTTP/1.1\r\n" % host, "X: y\r\n")
    trickle("POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
            % host, "x")
    trickle("GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % host, None)
    origin.close()
    assert proxy.close()


def garbage_is_refused(proxy):
    hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
    for bytes_ in (b"\0" * 100, hello + os.urandom(500), b"\r\n" * 100000,
                   b"SSH-2.0-x\r\n", b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n",
                   b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", os.urandom(20000)):
        client = proxy.client()
        try:
            client.send(bytes_)
            client.sock.shutdown(socket.SHUT_WR)
            while client.sock.recv(65536):
                pass
        except OSError:
            pass
        client.close()
    _goes_on(proxy)


def _socket_frames():
    key = b"\1\2\3\4"
    return [b"\x81\xff" + b"\x7f" + b"\xff" * 7 + key + b"x" * 1000,
            b"\x81\xff" + b"\xff" * 8 + key, b"\xf1\x81" + key + b"x",
            b"\x81\x05hello", b"\x09\x85" + key + b"hello",
            b"\x89\xfe\x10\x00" + key + bytes(4096), b"\x83\x80" + key,
            b"\x80\x81" + key + b"x"]


def frames_that_are_none_are_survived(proxy):
    def shake(head, rest, sock):
        key = stage.field(head, "Sec-WebSocket-Key").encode()
        token = base64.b64encode(hashlib.sha1(
            key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        sock.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: "
                     b"websocket\r\nConnection: Upgrade\r\n"
                     b"Sec-WebSocket-Accept: " + token + b"\r\n\r\n")
        while sock.recv(65536):
            pass
    origin = Origin(shake)
    for frame in _socket_frames():
        client = proxy.client()
        client.send("GET %s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                    % origin.url())
        head, _ = stage.read_head(client.sock)
        assert b" 101 " in head, head
        client.send(frame)
        time.sleep(0.05)
        client.close()
    origin.close()
    _goes_on(proxy)


# ---- Resources ----

def without_descriptors_it_waits_and_goes_on(_):
    proxy = Proxy("--workers", "1")
    _goes_on(proxy)
    few = _descriptors(proxy) + 20
    resource.prlimit(_davyd(proxy), resource.RLIMIT_NOFILE, (few, few))
    idle = [socket.create_connection(("127.0.0.1", proxy.port))
            for _ in range(100)]
    time.sleep(0.5)
    assert _descriptors(proxy) <= few
    for sock in idle:
        sock.close()
    _goes_on(proxy)
    assert proxy.close()


def full_disks_stop_no_request(_):
    proxy = Proxy("--decisions", "/dev/full", "--access-log", "/dev/full")
    origin = Origin(stage.miner_page)
    for _ in range(3):
        got = proxy.get(origin.url("/a.html"))
        assert got.status == 200 and b"CoinHive" not in got.body
    lost = proxy.get("http://davy.proxy/metrics").body.decode()
    assert 'davyd_log_lost_total{log="decision' in lost, lost[-500:]
    origin.close()
    assert proxy.close()


if __name__ == "__main__":
    stage.run(globals())
