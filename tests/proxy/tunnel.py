#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""CONNECT and WebSocket: bytes both ways, and only where they may go."""
import signal
import socket
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
        while True:
            if rest:
                sock.sendall(rest)
            rest = sock.recv(65536)
            if not rest:
                break
        sock.close()


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


def a_websocket_passes(proxy):
    echo = Echo()
    client = proxy.client()
    client.send("GET http://127.0.0.1:%d/chat HTTP/1.1\r\nHost: x\r\n"
                "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                "Sec-WebSocket-Version: 13\r\n\r\n" % echo.port)
    head, rest = read_head(client.sock)
    assert b" 101 " in head and not rest
    assert field(echo.head, "Upgrade") == "websocket"
    assert field(echo.head, "Sec-WebSocket-Key")
    data = bytes(range(256)) * 4000
    threading.Thread(target=client.send, args=(data,), daemon=True).start()
    got = b""
    while len(got) < len(data):
        got += client.sock.recv(65536)
    assert got == data
    client.sock.shutdown(socket.SHUT_WR)
    assert client.has_ended()


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
    run([f for name, f in list(globals().items())
         if callable(f) and getattr(f, "__module__", "") == "__main__"
         and not isinstance(f, type)])
