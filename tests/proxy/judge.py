#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No miner reaches a client, whichever way it takes."""
import gzip
import json

from stage import KEY, MINER, Origin, Proxy, answer, field, run

PAGE = "<!DOCTYPE html><title>x</title><p>Hello<script>%s</script>" % MINER


def a_miner_is_cut_out_of_its_page(proxy):
    origin = Origin(lambda *a: answer(PAGE, extra='ETag: "1"\r\n'
                                                  "Content-Language: en\r\n"))
    got = proxy.get(origin.url())
    assert got.status == 200 and got.field("Content-Type") == "text/html"
    assert got.body == PAGE.replace(MINER, "").encode()
    assert got.field("ETag") is None and got.field("Content-Language") == "en"
    assert '"action":"rewritten"' in proxy.log()


def a_coded_page_is_rewritten(proxy):
    def reply(head, *_):
        if "gzip" in (field(head, "Accept-Encoding") or ""):
            return answer(gzip.compress(PAGE.encode()),
                          extra="Content-Encoding: gzip\r\n")
        return answer(PAGE)
    origin = Origin(reply)
    got = proxy.get(origin.url(), extra="Accept-Encoding: gzip\r\n")
    assert got.status == 200 and got.field("Content-Encoding") is None
    assert got.body == PAGE.replace(MINER, "").encode()


def only_reported_means_unchanged(_):
    proxy = Proxy("--action", "report")
    origin = Origin(lambda *a: answer(PAGE))
    assert proxy.get(origin.url()).body == PAGE.encode()
    assert '"action":"reported"' in proxy.log()
    assert proxy.close()


def a_miner_page_is_blocked(_):
    proxy = Proxy("--action", "block")
    origin = Origin(lambda *a: answer(PAGE))
    got = proxy.get(origin.url("/one"), extra="Accept: text/html\r\n")
    assert got.status == 403 and b"mines cryptocurrency" in got.body
    assert got.field("Content-Type").startswith("text/html")
    assert got.field("Cache-Control") == "no-store"
    assert b"CoinHive.Anonymous(&quot;" in got.body
    lines = [json.loads(line) for line in proxy.log().splitlines()]
    line = [x for x in lines if x["address"] == origin.url("/one")][-1]
    assert line["action"] == "blocked" and line["rule"] == "DAVY-1001"
    assert line["ticket"].encode() in got.body
    got = proxy.get(origin.url(), extra="Accept: application/json\r\n")
    assert json.loads(got.body)["rule"] == "DAVY-1001"
    got = proxy.get(origin.url())
    assert got.field("Content-Type").startswith("text/plain")
    assert b"<script" not in got.body
    assert proxy.close()


def a_miner_script_becomes_a_stand_in(proxy):
    origin = Origin(lambda *a: answer(MINER, "text/plain"))
    got = proxy.get(origin.url("/x.js"), extra="Sec-Fetch-Dest: script\r\n")
    assert got.status == 200 and got.field("Content-Type").startswith(
        "text/javascript")
    assert KEY.encode() not in got.body
    assert b"CoinHive" in got.body and b"Anonymous" in got.body
    assert got.field("Davyd-Ticket")
    got = proxy.get(origin.url("/sw.js"), extra="Service-Worker: script\r\n")
    assert KEY.encode() not in got.body and b"unregister" in got.body


def a_coded_miner_is_seen(proxy):
    origin = Origin(lambda *a: answer(gzip.compress(PAGE.encode()),
                                      extra="Content-Encoding: gzip\r\n"))
    assert proxy.get(origin.url()).status == 403


def an_article_about_miners_passes_unchanged(proxy):
    page = "<!DOCTYPE html><title>x</title><pre>%s</pre>" % MINER
    origin = Origin(lambda *a: answer(page))
    got = proxy.get(origin.url())
    assert got.status == 200 and got.body == page.encode()
    page = gzip.compress(page.encode())
    origin = Origin(lambda *a: answer(page,
                                      extra="Content-Encoding: gzip\r\n"))
    assert proxy.get(origin.url()).body == page


def the_address_of_a_service_is_not_asked(proxy):
    got = proxy.get("http://coinhive.com/lib/coinhive.min.js",
                    extra="Sec-Fetch-Dest: script\r\n")
    assert got.status == 200 and b"davy has blocked" in got.body


def a_miner_behind_much_padding_never_ends_cleanly(proxy):
    body = (" " * (6 << 20) + PAGE).encode()
    origin = Origin(lambda *a: answer(body))
    client = proxy.client()
    client.send("GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % origin.url())
    got = b""
    try:
        while True:
            more = client.sock.recv(1 << 20)
            if not more:
                break
            got += more
    except ConnectionResetError:
        pass
    assert KEY.encode() not in got
    assert len(got) < len(body)
    assert '"action":"cut"' in proxy.log()


def a_part_of_a_script_is_asked_for_whole(proxy):
    def reply(head, *_):
        if field(head, "Range"):
            return answer(MINER[10:], "text/javascript", "206 Partial Content",
                          "Content-Range: bytes 10-60/61\r\n")
        return answer("var whole = 1;", "text/javascript")
    origin = Origin(reply)
    got = proxy.get(origin.url(), extra="Range: bytes=10-\r\n")
    assert got.status == 200 and got.body == b"var whole = 1;"

    def video(head, *_):
        return answer("part", "video/mp4", "206 Partial Content",
                      "Content-Range: bytes 10-13/61\r\n")
    origin = Origin(video)
    got = proxy.get(origin.url(), extra="Range: bytes=10-\r\n")
    assert got.status == 206 and got.body == b"part"
    assert len(origin.requests) == 1


def not_modified_is_believed_when_it_was_seen(proxy):
    state = {"page": "<p>clean"}

    def reply(head, *_):
        if field(head, "If-None-Match") == '"1"':
            return b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
        return answer(state["page"], extra='ETag: "1"\r\n')
    origin = Origin(reply)
    condition = 'If-None-Match: "1"\r\n'
    client = proxy.client()
    assert client.ask(origin.url(), extra=condition).status == 200
    assert client.ask(origin.url(), extra=condition).status == 304
    state["page"] = PAGE
    origin = Origin(reply)
    for _ in range(2):
        got = client.ask(origin.url(), extra=condition)
        assert got.status == 200 and KEY.encode() not in got.body


def types_that_nobody_runs_stream(proxy):
    def reply(head, rest, sock):
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                     b"Cache-Control: no-cache\r\n\r\ndata: 1\n\n")
        sock.recv(1)
    origin = Origin(reply)
    client = proxy.client()
    client.send("GET %s HTTP/1.1\r\nHost: x\r\nSec-Fetch-Dest: empty\r\n\r\n"
                % origin.url())
    data = b""
    while b"data: 1\n\n" not in data:
        data += client.sock.recv(4096)
    client.close()


if __name__ == "__main__":
    run(globals())
