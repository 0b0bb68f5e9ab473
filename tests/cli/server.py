#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A web server with every trouble that a scanner meets; for tests/cli/fetch.sh.

usage: server.py PORTFILE FOLDER

Files of FOLDER are served as they are; the rest is below.  It listens on
127.0.0.1 at a port of the system's choice, logs requests to FOLDER/.log, and ends
with its standard input, or after five minutes.
"""
import gzip
import http.server
import os
import sys
import threading
import time

PORTFILE, FOLDER = sys.argv[1:]
MINER = (b"<!doctype html><script>new CoinHive.Anonymous("
         b"'0123456789abcdef0123456789ABCDEF').start()</script>")
CLEAN = b"<!doctype html><p>hello"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def answer(self, body, status=200, **fields):
        self.send_response(status)
        fields.setdefault("Content_Type", "text/html")
        fields.setdefault("Content_Length", str(len(body)))
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        with open(os.path.join(FOLDER, ".log"), "a") as log:
            print(self.path, self.headers.get("User-Agent", "-"),
                  self.headers.get("Referer", "-"),
                  self.headers.get("Cookie", "-"), sep="\t", file=log)
        if self.path.startswith("http://"):     # we are a proxy
            self.path = "/" + self.path.split("/", 3)[3]
        name, _, rest = self.path[1:].partition("/")
        trouble = getattr(self, "get_" + name, None)
        try:
            if trouble:
                trouble(rest)
            else:
                self.get_file(self.path[1:].partition("?")[0])
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def get_file(self, path):
        try:
            with open(os.path.join(FOLDER, path), "rb") as file:
                body = file.read()
        except OSError:
            return self.answer(MINER, 404)
        kind = "text/javascript" if path.endswith(".js") else "text/html"
        self.answer(body, Content_Type=kind)

    def get_status(self, status):
        self.answer(MINER, int(status))

    def get_redirect(self, count):
        count = int(count)
        place = "/page.html" if count == 0 else "/redirect/%d" % (count - 1)
        self.answer(MINER, 302, Location=place, Set_Cookie="a=b")

    def get_away(self, place):
        self.answer(b"", 301, Location=place.replace("|", "/"))

    def get_gzip(self, rest):
        self.answer(gzip.compress(MINER), Content_Encoding="gzip")

    def get_wrong(self, rest):
        self.answer(CLEAN, Content_Encoding="gzip")

    def get_bomb(self, rest):
        self.answer(gzip.compress(bytes(100 << 20)), Content_Encoding="gzip")

    def get_twice(self, rest):
        self.answer(gzip.compress(gzip.compress(MINER)),
                    Content_Encoding="gzip, gzip")

    def get_huge(self, rest):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        self.wfile.write(MINER)
        for _ in range(2000):
            self.wfile.write(b"x" * 100000)

    def get_silent(self, rest):
        time.sleep(30)
        self.close_connection = True

    def get_drip(self, rest):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(MINER if rest == "miner" else CLEAN)
        self.wfile.flush()
        for _ in range(100):
            time.sleep(0.3)
            self.wfile.write(b" ")
            self.wfile.flush()

    def get_cut(self, rest):
        self.answer(CLEAN, Content_Length="100000")
        self.close_connection = True

    def get_garbage(self, rest):
        self.wfile.write(b"\x00\xff\x1b[31m nothing like HTTP\r\n\r\n")
        self.close_connection = True

    def get_gone(self, rest):
        self.close_connection = True


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, address):
        pass


def main():
    server = Server(("127.0.0.1", 0), Handler)
    with open(PORTFILE + ".new", "w") as file:
        print(server.server_port, file=file)
    os.rename(PORTFILE + ".new", PORTFILE)
    end = threading.Timer(300, os._exit, [1])
    end.daemon = True
    end.start()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.buffer.read()


if __name__ == "__main__":
    main()
