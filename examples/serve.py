#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Serve a folder on 127.0.0.1, at a port that the system chooses.

usage: serve.py FOLDER PORTFILE

The port is written to PORTFILE when the server is ready.  It ends when its
standard input does, and in any case after two minutes.
"""
import functools
import http.server
import os
import sys
import threading


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


def main():
    folder, portfile = sys.argv[1:]
    handler = functools.partial(Quiet, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with open(portfile + ".new", "w") as file:
        print(server.server_port, file=file)
    os.rename(portfile + ".new", portfile)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    end = threading.Timer(120, os._exit, [1])
    end.daemon = True
    end.start()
    sys.stdin.buffer.read()


if __name__ == "__main__":
    main()
