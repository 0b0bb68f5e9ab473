#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""CONNECT and WebSocket: bytes both ways, and only where they may go."""
import json
import os
import shutil
import signal
import socket
import tempfile
import threading
import time

from stage import MINER, Origin, Proxy, answer, field, read_head, run

HELLO = bytes([0x16, 3, 1, 0, 5]) + b"hello"


class Echo:
    """A listener that sends back what comes; on the port that CONNECT may go
    to nobody can listen in a test, so it is reached by WebSocket."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            sock, _ = self.listener.accept()
            threading.Thread(target=self.echo, args=(sock,),
                             daemon=True).start()

    def echo(self, sock):
        head, rest = read_head(sock)
        self.head = head
        sock.sendall(b"HTTP/1.1 101 Switching Protocols\r\n"
                     b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
        try:
            self.relay(sock, rest)
        except OSError:
            pass
        sock.close()

    def relay(self, sock, data):
        """Send each frame back without its mask, which is zero."""
        while True:
            need = 2
            if len(data) >= 2:
                n = data[1] & 0x7f
                need = 6 + n if n < 126 else 8
                if n == 126 and len(data) >= 4:
                    need = 8 + int.from_bytes(data[2:4], "big")
            if len(data) < max(need, 6):
                more = sock.recv(65536)
                if not more:
                    return
                data += more
                continue
            one, data = data[:need], data[need:]
            at = 6 if one[1] & 0x7f < 126 else 8
            sock.sendall(one[:1] + bytes([one[1] & 0x7f]) + one[2:at - 4]
                         + one[at:])


def connect_goes_to_port_443_only(proxy):
    client = proxy.client()
    client.send("CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n")
    got = client.read()
    assert got.status == 403 and b"CONNECT" in got.body


def connect_to_nobody_is_an_error(proxy):
    client = proxy.client()
    client.send("CONNECT no.such.host.invalid:443 HTTP/1.1\r\n"
                "Host: no.such.host.invalid:443\r\n\r\n")
    assert client.read().status == 502


def _frame(text, opcode=1):
    """A client's frame (RFC 6455, 5.2), with a mask of zeros."""
    data = text if isinstance(text, bytes) else text.encode()
    if len(data) < 126:
        size = bytes([0x80 | len(data)])
    else:
        size = bytes([0x80 | 126]) + len(data).to_bytes(2, "big")
    return bytes([0x80 | opcode]) + size + bytes(4) + data


def _open_websocket(proxy, echo):
    client = proxy.client()
    client.send("GET http://127.0.0.1:%d/chat HTTP/1.1\r\nHost: x\r\n"
                "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                "Sec-WebSocket-Extensions: x-unknown\r\n"
                "Sec-WebSocket-Version: 13\r\n\r\n" % echo.port)
    head, rest = read_head(client.sock)
    assert b" 101 " in head and not rest
    return client


def a_websocket_passes(proxy):
    echo = Echo()
    client = _open_websocket(proxy, echo)
    assert field(echo.head, "Upgrade") == "websocket"
    assert field(echo.head, "Sec-WebSocket-Key")
    assert field(echo.head, "Sec-WebSocket-Extensions") is None
    words = ["hello %d " % i + "x" * (i * 7 % 9000) for i in range(300)]

    def talk():
        for text in words:
            client.send(_frame(text))
    threading.Thread(target=talk, daemon=True).start()
    got = b""
    for text in words:
        data = text.encode()
        need = len(data) + (2 if len(data) < 126 else 4)
        while len(got) < need:
            got += client.sock.recv(65536)
        assert got[:need].endswith(data)
        got = got[need:]
    client.sock.shutdown(socket.SHUT_WR)
    assert client.has_ended()


def mining_over_a_websocket_is_closed(proxy):
    echo = Echo()
    client = _open_websocket(proxy, echo)
    for text in ('{"type":"auth","params":{"site_key":"%s","type":"anonymous",'
                 '"user":null,"goal":0}}' % ("0123456789abcdef" * 2),
                 '{"type":"authed","params":{"token":"","hashes":0}}',
                 '{"type":"job","params":{"job_id":"1","blob":"%s",'
                 '"target":"ffffff00"}}' % ("07" * 76),
                 '{"type":"submit","params":{"job_id":"1","nonce":"00112233",'
                 '"result":"%s"}}' % ("ab" * 32)):
        try:
            client.send(_frame(text))
        except OSError:
            break
        time.sleep(0.1)
    got = b""
    try:
        while True:
            more = client.sock.recv(65536)
            if not more:
                break
            got += more
    except ConnectionResetError:
        pass
    assert b"\x88\x02\x03\xf0" in got, got[-100:]
    assert b"nonce" not in got
    assert '"action":"closed"' in proxy.log()


def private_networks_are_closed_by_default(_):
    proxy = Proxy(allow_private=False)
    origin = Origin(lambda *a: answer("secret", "text/plain"))
    got = proxy.get(origin.url())
    assert got.status == 403 and b"private network" in got.body
    got = proxy.get("http://localhost:%d/" % origin.port)
    assert got.status == 403
    assert not origin.requests
    assert proxy.close()


def new_rules_come_without_an_end(_):
    proxy = Proxy()
    origin = Origin(lambda *a: answer("<script>%s</script>" % MINER))
    client = proxy.client()
    assert MINER.encode() not in client.ask(origin.url()).body
    proxy.signal(signal.SIGHUP)
    for _ in range(100):
        if "new rules" in proxy.messages:
            break
        time.sleep(0.1)
    assert MINER.encode() not in client.ask(origin.url()).body
    assert proxy.close()


def every_request_is_a_line(_):
    folder = tempfile.mkdtemp(prefix="davyd-access-")
    path = os.path.join(folder, "access")
    proxy = Proxy("--access-log", path, "--access-format", "json")
    origin = Origin(lambda *a: answer("twelve bytes", "text/plain"))
    proxy.get(origin.url("/a"))
    proxy.get("http://no.such.host.invalid/")
    os.rename(path, path + ".1")
    proxy.signal(signal.SIGUSR1)
    for _ in range(100):
        if os.path.exists(path):
            break
        time.sleep(0.1)
    proxy.get(origin.url("/b"))
    assert proxy.close()
    with open(path + ".1", encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    assert [x["status"] for x in lines] == [200, 502]
    assert lines[0]["address"] == origin.url("/a")
    assert lines[0]["bytes"] > 12 and lines[0]["client"] == "127.0.0.1"
    with open(path, encoding="utf-8") as file:
        assert json.loads(file.read())["address"] == origin.url("/b")
    shutil.rmtree(folder)


def an_answer_is_finished_before_the_end(_):
    proxy = Proxy()
    go = threading.Event()

    def reply(head, rest, sock):
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n"
                     b"Content-Length: 10\r\n\r\nfirst")
        go.wait(10)
        sock.sendall(b"later")
    origin = Origin(reply)
    client = proxy.client()
    client.send("GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % origin.url())
    head, rest = read_head(client.sock)
    proxy.signal(signal.SIGTERM)
    time.sleep(0.5)
    go.set()
    while len(rest) < 10:
        rest += client.sock.recv(100)
    assert rest == b"firstlater" and client.has_ended()
    assert proxy.close()


if __name__ == "__main__":
    run(globals())
