"""Lines of logs: what is written is read, and hostile lines take no time."""

from __future__ import annotations

import datetime as dt
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.edge.events import AccessRecord
from ssg.popularity.log_lines import LINE_FORMATS, NOT_A_REQUEST, LogLine
from ssg.popularity.user_agents import is_robot
from ssg.server.access_log import line_of
from ssg.server.settings import AccessLog

PRINTABLE = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters='"\\'))
TIMES = st.datetimes(
    dt.datetime(1990, 1, 1), dt.datetime(2090, 1, 1),
    timezones=st.sampled_from(
        [dt.timezone(dt.timedelta(minutes=offset)) for offset in (0, 60, -480, 345)]
    ),
)  # fmt: skip
METHODS = st.sampled_from(["GET", "HEAD", "POST", "PURGE"])
HOSTILE = [
    "[" * 16_000, '"' * 16_000, "\\" * 16_000, "a " * 8_000, '"\\' * 8_000, "[] " * 5_000,
    '- - - [30/Jan/2026:10:00:01 +0000] "GET ' + "a" * 16_000,
    '- - - [30/Jan/2026:10:00:01 +0000] "GET / HTTP/1.1" 200 1 "' + '\\"' * 8_000,
    '- - - [30/Jan/2026:10:00:01 +0000] "' + "\\" * 16_000,
    "2026-01-30T10:00:01+00:00 200 GET " + "a " * 8_000, "1" * 16_000, '{"event": ' * 1_600,
    '{"event": "request", "method": "", "path": "", "status": 200, "time": ' + "9" * 5_000 + "}",
]  # fmt: skip


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


@given(
    METHODS, PRINTABLE, st.integers(100, 599), TIMES,
    st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    st.sampled_from(["", "example.org:443 "]),
)  # fmt: skip
def test_a_combined_line_is_read_as_it_was_written(
    method: str, path: str, status: int, when: dt.datetime, agent: str, host: str
) -> None:
    target, form = f"/{path}", LINE_FORMATS["combined"]
    stamp = when.strftime("%d/%b/%Y:%H:%M:%S %z")
    line = (
        f'{host}203.0.113.7 - - [{stamp}] "{method} {target} HTTP/1.1" {status} 12 '
        f'"https://example.org/?q=\\"a\\"" "{_escaped(agent)}" 0.001'
    )
    found = form.parse(line)
    assert found == LogLine(stamp, method, target, str(status), _escaped(agent))
    assert form.minute(found.time) == int(when.timestamp() // 60)


@given(METHODS, PRINTABLE, st.integers(100, 599), TIMES, st.sampled_from(["json", "text"]))
def test_lines_of_our_server_are_read_as_it_writes_them(
    method: str, path: str, status: int, when: dt.datetime, name: str
) -> None:
    record = AccessRecord(method, f"/{path}", status, "file", 1.25, 512, "r1", "203.0.113.7")
    line, form = line_of(record, AccessLog(name), lambda: when), LINE_FORMATS[f"ssg-{name}"]
    found = form.parse(line)
    assert found is not None
    assert found[1:4] == (method, f"/{path}", str(status))
    assert form.minute(found.time) == int(when.timestamp() // 60)


@given(st.text() | st.sampled_from(HOSTILE), st.sampled_from(sorted(LINE_FORMATS)))
def test_no_line_makes_a_parser_fail(line: str, name: str) -> None:
    form = LINE_FORMATS[name]
    found = form.parse(line)
    if found is not None and found is not NOT_A_REQUEST:
        form.minute(found.time)


@pytest.mark.parametrize("line", HOSTILE)
def test_a_hostile_line_takes_no_time(line: str) -> None:
    started = time.process_time()
    for form in LINE_FORMATS.values():
        form.parse(line)
        form.parse(line * 4)
    assert time.process_time() - started < 0.2


KEYS = st.sampled_from(["event", "time", "method", "path", "status"])
SCALARS = st.none() | st.integers() | st.text()


@given(st.recursive(SCALARS, lambda one: st.lists(one) | st.dictionaries(KEYS, one)))
def test_json_of_another_form_is_not_a_request(value: object) -> None:
    found = LINE_FORMATS["ssg-json"].parse(json.dumps(value))
    assert found is None or found is NOT_A_REQUEST


@pytest.mark.parametrize("text", ["", "31/Foo/2026:10:00:01 +0000", "99/Jan/2026:10:00:01 +0000"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert LINE_FORMATS["combined"].minute(text) is None
    assert LINE_FORMATS["ssg-text"].minute(text) is None


@pytest.mark.parametrize(
    ("agent", "robot"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", False),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", False),
        ("Mozilla/5.0 (Linux; Android 15; CUBOT X30) Chrome/140.0 Mobile Safari/537.36", True),
        ("", False), ("-", True), ("curl/8.5.0", True), ("python-requests/2.32", True),
        ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", True),
        ("Feedly/1.0 (+http://www.feedly.com/fetcher.html; 9 subscribers)", True),
        ("Mozilla/5.0 AppleWebKit (compatible; GPTBot/1.2; +https://openai.com/gptbot)", True),
    ],
)  # fmt: skip
def test_robots_are_told_by_their_names(agent: str, robot: bool) -> None:
    assert is_robot(agent) is robot
