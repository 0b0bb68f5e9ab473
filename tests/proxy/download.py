#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""download.py - programs, scripts and archives are judged while they come."""
import io
import os
import tarfile
import time
import zipfile

import stage

# Words of a miner behind the magic of a program: nothing here can run.
WORDS = [b"XMRig 6.21.0", b"donate.v2.xmrig.com", b"--donate-over-proxy=N",
         b"randomx-1gb-pages"]
PROGRAM = (b"\x7fELF\x02\x01\x01" + bytes(57) + b"\0".join(WORDS) + b"\0"
           + bytes(500))
CLEAN = b"\x7fELF\x02\x01\x01" + bytes(57) + os.urandom(300000)


def _zip(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def _tar(*members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def _origin(body, kind="application/octet-stream"):
    return stage.Origin(lambda *a: stage.answer(body, kind))


def _is_cut(proxy, origin):
    try:
        answer = proxy.get(origin.url("/file"))
    except (OSError, EOFError):
        return True
    return answer.status != 200


def miners_are_cut_and_logged(proxy):
    rows = [("program", PROGRAM, "application/octet-stream"),
            ("program as text", PROGRAM, "text/plain"),
            ("program as image", PROGRAM, "image/png"),
            ("program behind others", CLEAN + PROGRAM,
             "application/octet-stream"),
            ("zip", _zip(("readme", b"x" * 5000), ("xmrig", PROGRAM)),
             "application/zip"),
            ("tar.gz", _tar(("a", b"x" * 70000), ("xmrig", PROGRAM)),
             "application/gzip")]
    for name, body, kind in rows:
        origin = _origin(body, kind)
        before = proxy.log().count('"action":"cut"')
        assert _is_cut(proxy, origin), name
        assert proxy.log().count('"action":"cut"') == before + 1, name
        origin.close()


def clean_downloads_arrive_as_they_are(proxy):
    rows = [(CLEAN, "application/octet-stream"),
            (_zip(("a", b"words " * 1000), ("b", CLEAN)), "application/zip"),
            (_tar(("a", b"words " * 1000), ("b", CLEAN)),
             "application/gzip"),
            (b"#!/bin/sh\necho hello\n", "text/plain"),
            (b"", "application/octet-stream"), (b"M", "text/plain"),
            (os.urandom(3 << 20), "video/mp4")]
    for body, kind in rows:
        origin = _origin(body, kind)
        answer = proxy.get(origin.url("/file"))
        assert answer.status == 200 and answer.body == body, kind
        origin.close()


def a_long_download_is_cut_where_the_miner_is(proxy):
    """Nobody waits for the end: the origin never sends it."""
    def endless(head, rest, sock):
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\n"
                     b"Content-Length: 1000000000\r\n\r\n"
                     + _zip(("xmrig", PROGRAM)))
        try:
            for _ in range(100):
                sock.sendall(bytes(65536))
                time.sleep(0.05)
        except OSError:
            return None
        return None

    origin = stage.Origin(endless)
    began = time.monotonic()
    assert _is_cut(proxy, origin)
    assert time.monotonic() - began < 3
    origin.close()


def what_comes_bit_by_bit_is_not_held(proxy):
    def slow(head, rest, sock):
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                     b"Content-Length: 6\r\n\r\nfir")
        time.sleep(2)
        sock.sendall(b"st!")
        return None

    origin = stage.Origin(slow)
    client = proxy.client()
    began = time.monotonic()
    client.send(("GET %s HTTP/1.1\r\nHost: %s\r\n\r\n"
                 % (origin.url(), origin.host)).encode())
    _, rest = stage.read_head(client.sock)
    assert time.monotonic() - began < 1.5
    client.close()
    origin.close()


def the_policy_may_only_report_them_or_not_look(proxy):
    for word, logged in [("report", ["reported"]), ("pass", [])]:
        with stage.Configured(
                "policies:\n  - name: all\n    private: yes\n"
                "    downloads: %s\n" % word,
                page=lambda *a: stage.answer(PROGRAM * 3,
                                             "application/octet-stream")) \
                as s:
            answer = s.proxy.get(s.origin.url())
            assert answer.body == PROGRAM * 3
            assert [d["action"] for d in s.decisions()] == logged


if __name__ == "__main__":
    stage.run(globals())
