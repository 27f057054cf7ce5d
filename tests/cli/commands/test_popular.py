"""`ssg popular`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Ran

Ssg = Callable[..., Ran]
LINE = '203.0.113.7 - - [30/Jan/2026:10:00:0{} +0000] "{} {} HTTP/1.1" {} 512 "-" "Mozilla/5.0"\n'
LOG = "".join(
    LINE.format(number % 10, *request)
    for number, request in enumerate(
        [
            ("GET", "/blog/a/", 200), ("GET", "/blog/b/", 200), ("GET", "/blog/a/?utm=x", 200),
            ("GET", "/ana/dune/", 200), ("GET", "/ana/", 200), ("POST", "/blog/a/", 200),
            ("GET", "/blog/c/", 404), ("GET", "/style.css", 200), ("GET", "/feed.xml", 200),
        ]
    )
)  # fmt: skip
FILES = {
    "ssg.toml": 'theme = ""\nbase_url = "https://example.org/"\n',
    "content/blog/a.md": "",
    "content/blog/b.md": "",
    "access.log": LOG,
}
LIVE = FILES["ssg.toml"] + (
    '[target]\nname = "server"\n[sources.club]\nkind = "http"\nurl = "https://api.example.org/"\n'
    '[[routes]]\npath = "/{user}/{slug}/"\ntemplate = "page.html"\n'
    'data.post = { source = "club", path = "/posts/{user}/{slug}" }\n'
)


def test_it_writes_the_pages_that_people_read(ssg: Ssg, tmp_path: Path) -> None:
    ran = ssg("popular", "access.log", files=FILES)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == (
        "9  lines of 1 log (combined)\n"
        "3  requests for 2 pages\n"
        "1  left out: not GET\n"
        "1  left out: other status than 200 or 304\n"
        "4  left out: not for a page\n"
        "wrote data/popular.json\n"
    )
    text = (tmp_path / "data" / "popular.json").read_text("utf-8")
    assert json.loads(text)["pages"] == [
        {"path": "/blog/a/", "requests": 2},
        {"path": "/blog/b/", "requests": 1},
    ]
    assert "203.0" not in text
    assert "utm" not in text


def test_templates_list_the_most_read_pages(ssg: Ssg, tmp_path: Path) -> None:
    template = (
        "{% for one in site.data.popular.pages[:5] %}"
        "{{ get_page(one.path).title }} {{ one.requests }};{% endfor %}"
    )
    files = {**FILES, "content/blog/a.md": "# A\n", "content/blog/b.md": "# B\n"}
    assert ssg("popular", "-q", "access.log", files=files).out == ""
    assert ssg("build", "-q", files={"templates/section.html": template}).status == 0
    assert (tmp_path / "public" / "index.html").read_text("utf-8") == "A 2;B 1;"


def test_live_pages_are_counted_by_route(ssg: Ssg, tmp_path: Path) -> None:
    report = json.loads(
        ssg("popular", "--json", "access.log", files={**FILES, "ssg.toml": LIVE}).out
    )
    assert report == {
        "output": "data/popular.json", "logs": {"access.log": "combined"}, "lines": 9,
        "malformed": 0, "requests": 3, "pages": 2, "routes": {"/{user}/{slug}/": 1},
        "left_out": {"old": 0, "method": 1, "status": 1, "robot": 0, "path": 3},
    }  # fmt: skip
    (route,) = json.loads((tmp_path / "data" / "popular.json").read_text("utf-8"))["routes"]
    assert route["pages"] == [{"path": "/ana/dune/", "requests": 1}]


def test_what_is_no_log_writes_nothing(ssg: Ssg, tmp_path: Path) -> None:
    ran = ssg("popular", "access.log", "ssg.toml", files=FILES)
    assert ran.status == 1
    assert "ssg.toml: error: this is not a log. ssg reads ssg-json, ssg-text, combined" in ran.err
    assert not (tmp_path / "data").exists()


def test_malformed_lines_are_warnings_with_their_place(ssg: Ssg) -> None:
    ran = ssg("popular", "access.log", files={**FILES, "access.log": LOG + "half a li"})
    assert ran.status == 0
    assert "access.log:10: warning: the line is not in the format combined\n" in ran.err
    assert "1  malformed lines" in ran.out


def test_a_log_of_another_site_is_a_warning(ssg: Ssg) -> None:
    ran = ssg("popular", "access.log", files={**FILES, "access.log": LOG.replace("/blog", "/x")})
    assert "no request is for a page of this site" in ran.err


def test_options_choose_what_is_counted_and_where_it_is_written(ssg: Ssg, tmp_path: Path) -> None:
    options = "--since", "1d", "--format", "combined", "--output", "x.json"
    assert ssg("popular", *options, "access.log", files=FILES).status == 0
    assert json.loads((tmp_path / "x.json").read_text("utf-8"))["pages"] == []
    options = "--since", "2d", "--limit", "1", "--output", "x.json"
    assert ssg("popular", *options, "access.log").status == 0
    found = json.loads((tmp_path / "x.json").read_text("utf-8"))
    assert found["pages"] == [{"path": "/blog/a/", "requests": 2}]
    assert found["others"] == {"pages": 1, "requests": 1}


def test_wrong_options_are_told(ssg: Ssg) -> None:
    assert "give at least one log" in ssg("popular", files=FILES).err
    assert "--format is one of" in ssg("popular", "--format", "iis", "access.log").err
    assert "--since is a number" in ssg("popular", "--since", "soon", "access.log").err
