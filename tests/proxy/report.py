#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""report.py - `davyd report` adds up what davyd decided."""
import gzip
import json
import os
import subprocess
import tempfile

import stage

DAVYD = os.path.join(os.getcwd(), "davyd")


def _line(day, client, **more):
    entry = {"time": "2026-11-%02dT%02d:30:00.000Z" % (day, 10 + day % 3),
             "ticket": "0000000000", "action": "blocked", "reason": "because",
             "client": client, "method": "GET",
             "address": "http://shop.example:8080/a?b", "kind": "script",
             "verdict": "miner", "type": "js", "rule": "DAVY-1001",
             "title": "CoinHive miner is set up", "family": "coinhive"}
    entry.update(more)
    return json.dumps(entry) + "\n"


LOG = [
    _line(1, "10.0.0.1"), _line(1, "10.0.0.2"), _line(1, "10.0.0.3"),
    _line(2, "10.0.0.1", family="webminerpool"),
    _line(3, "10.0.0.1", user="alice"), _line(3, "10.0.0.1"),
    _line(3, "10.0.0.9", method="CONNECT", kind="websocket", family="",
          address="https://192.0.2.7:443/", action="cut"),
    _line(4, "10.0.0.4", type="elf", action="cut",
          address="http://evil.example/xmrig"),
    json.dumps({"time": "2026-11-05T01:00:00.000Z", "action": "refused",
                "reason": "Private address", "client": "10.0.0.1"}) + "\n",
]


def _report(*words, text="".join(LOG), status=0):
    done = subprocess.run([DAVYD, "report", *words], input=text.encode(),
                          capture_output=True, timeout=20, check=False)
    assert done.returncode == status, done
    return done.stdout.decode(), done.stderr.decode()


def what_to_look_at_comes_first(_):
    text, _ = _report("-")
    first, hints = text.split("\n\n")[:2]
    assert "9 decisions about 6 clients" in first, first
    assert "8 miners, 1 of them downloaded" in first, first
    assert hints.splitlines() == [
        "Look at these first",
        "  10.0.0.9 spoke a mining protocol 1 time without a page: a program "
        "on it mines",
        "  10.0.0.1 met miners on 3 days, the last on 2026-11-03: an "
        "extension, a home page or a habit",
        "  shop.example:8080 served a miner to 3 clients"], hints


def json_says_all(_):
    all_of_it = json.loads(_report("--format", "json", "-")[0])
    clients = {row["name"]: row for row in all_of_it["clients"]}
    assert clients["10.0.0.1"]["miners"] == 3
    assert clients["10.0.0.1"]["decisions"] == 4
    assert clients["10.0.0.1"]["families"] == ["coinhive", "webminerpool"]
    assert clients["10.0.0.1 (alice)"]["days"] == 1
    assert clients["10.0.0.9"]["own"] == 1
    assert all_of_it["hours"][11] == 4 and sum(all_of_it["hours"]) == 8
    assert all_of_it["reasons"][0] == {"name": "Private address",
                                       "decisions": 1, "miners": 0}


def csv_has_a_line_for_each_client(_):
    lines = _report("--format", "csv", "-",
                    text=_line(1, '=cmd("x")'))[0].split("\r\n")
    assert lines[0].startswith("client,decisions,miners,"), lines
    assert lines[1].startswith('"\'=cmd(""x"")",1,1,0,1,'), lines


def times_choose(_):
    def miners(*words):
        return json.loads(_report("--format", "json", *words, "-")[0])[
            "miners"]
    assert miners("--since", "2026-11-03") == 4
    assert miners("--until", "2026-11-02") == 4
    assert miners("--since", "2026-11-02T12", "--until",
                  "2026-11-03 10:30") == 4
    assert miners("--since", "2d") == 0


def logs_that_gzip_made_are_read(_):
    with tempfile.TemporaryDirectory() as folder:
        old = os.path.join(folder, "decisions.log.1.gz")
        with gzip.open(old, "wt", encoding="utf-8") as file:
            file.writelines(LOG[:3])
        text, _ = _report(old, "-", text="".join(LOG[3:]))
        assert "8 miners" in text, text


def what_is_no_decision_is_named(_):
    bad = LOG[0] + "not json\n" + "x" * 100000 + "\n[]\n{}\n" + LOG[1]
    text, said = _report("-", text=bad, status=3)
    assert "2 decisions" in text, text
    assert "standard input:2: this line is no decision of davyd" in said
    assert "4 of 6 lines are no decisions" in said, said
    _, said = _report("/nonexistent/log", status=3)
    assert "/nonexistent/log cannot be read: No such file" in said, said


def nothing_in_a_log_moves_the_cursor(_):
    text, _ = _report("-", text=_line(1, "a\x1b[2J", title="\u202e\x07"))
    assert "\x1b" not in text and "\u202e" not in text, text
    assert "\\x1b[2J" in text, text


def wrong_words_are_named(_):
    for words, said in [
            ([], "takes the files"), (["--since", "monday", "-"], "--since"),
            (["--format", "xml", "-"], "text, json or csv"),
            (["--top", "0", "-"], "above 0"), (["--nope"], "--nope")]:
        assert said in _report(*words, status=2)[1], words


def a_real_log_is_understood(proxy):
    origin = stage.Origin(stage.miner_page)
    proxy.get(origin.url("/a.html"))
    text, _ = _report(proxy.decisions)
    assert "1 decision about 1 client" in text, text
    assert "coinhive" in text and "rewritten" in text, text


if __name__ == "__main__":
    stage.run(globals())
