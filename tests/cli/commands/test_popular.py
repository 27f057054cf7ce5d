"""`ssg popular`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

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


RULES = FILES["ssg.toml"] + '[target]\nname = "netlify"\n[[deferred.rules]]\nmatch = "blog/**"\n'


def test_what_if_shows_the_costs_of_plans(ssg: Ssg, tmp_path: Path) -> None:
    ran = ssg(
        "popular", "--what-if", "--days", "3", "access.log", files={**FILES, "ssg.toml": RULES}
    )
    assert (ran.status, ran.err) == (0, "")
    lines = [line.split() for line in ran.out.splitlines()]
    assert ["plan", "critical", "deferred", "by", "files", "renders", "a", "month", "host"] in lines
    assert ["present", "2", "2", "0.0%", "60"] in lines
    assert ["1", "3", "66.7%", "30"] in lines
    assert ["4", "0", "100.0%", "0"] in lines
    assert (
        lines[-1][-8:]
        == ["10,000", "deferred", "pages", "of", "a", "deploy", "are", "cached", "well"][-8:]
    )
    assert not (tmp_path / "data").exists()


def test_what_if_reads_the_file_that_was_written(ssg: Ssg) -> None:
    assert ssg("popular", "-q", "access.log", files={**FILES, "ssg.toml": LIVE}).status == 0
    found = json.loads(ssg("popular", "--what-if", "--deploys-per-month", "2", "--json").out)
    assert (found["host"], found["page_limit"]) == ("a server of ssg", None)
    assert found["deploys_per_month"] == 2
    assert found["requests_per_month"] == (3 * 30 * 24)  # the log has less than an hour
    assert found["plans"][0] == {
        "critical": 4, "deferred": 0, "share": 1.0, "renders_per_month": 0, "over_limit": False,
        "present": True,
    }  # fmt: skip
    (route,) = found["routes"]
    assert route["path"] == "/{user}/{slug}/"
    assert [(one["critical"], one["share"]) for one in route["plans"]] == [(0, 0), (1, 1)]
    assert route["plans"][0]["renders_per_month"] == 2


def test_a_cache_that_is_kept_is_empty_once_a_month(ssg: Ssg) -> None:
    kept = RULES.replace('"netlify"\n', '"netlify"\nkind = "function"\nkeep_cache = true\n')
    ran = ssg("popular", "--what-if", "--json", "access.log", files={**FILES, "ssg.toml": kept})
    found = json.loads(ran.out)
    assert found["deploys_per_month"] == 1
    assert found["plans"][0]["renders_per_month"] == 2


def test_the_present_plan_is_that_of_the_rules(ssg: Ssg) -> None:
    files = {**FILES, "ssg.toml": RULES + "popular = 1\n"}
    assert ssg("popular", "-q", "access.log", files=files).status == 0
    present = json.loads(ssg("popular", "--what-if", "--json").out)["plans"][0]
    assert (present["critical"], present["deferred"], present["share"]) == (3, 1, 0.6667)


def test_the_costs_are_drawn(ssg: Ssg, tmp_path: Path) -> None:
    options = "--what-if", "--plot", "plan.svg"
    assert ssg("popular", *options, "access.log", files={**FILES, "ssg.toml": RULES}).status == 0
    drawing = ElementTree.parse(tmp_path / "plan.svg").getroot()  # noqa: S314 ours
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    texts = [element.text for element in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert "present plan: 2 critical pages, 0.0% by files, 60 renders a month" in texts


def test_what_if_needs_a_file_or_a_log_and_a_target_that_defers(ssg: Ssg) -> None:
    ran = ssg("popular", "--what-if", files={**FILES, "ssg.toml": RULES})
    assert (ran.status, ran.err) == (
        1,
        "error: there is no data/popular.json. Run ssg popular LOG\n",
    )
    ran = ssg("popular", "--what-if", "--target", "static", "access.log")
    assert "the target static renders every page. Name another target with --target" in ran.err
    ran = ssg("popular", "--what-if", files={"data/popular.json": '{"pages": 7}'})
    assert ran.err.startswith('data/popular.json: error: "pages" must be a list')


def test_a_file_of_another_form_is_written_anew(ssg: Ssg, tmp_path: Path) -> None:
    files = {**FILES, "ssg.toml": RULES + "popular = 1\n", "data/popular.json": '{"pages": 7}'}
    assert ssg("popular", "-q", "access.log", files=files).status == 0
    assert json.loads((tmp_path / "data" / "popular.json").read_text("utf-8"))["requests"] == 3


def test_twins_as_markdown_count_against_the_limit_of_the_host(ssg: Ssg) -> None:
    files = {**FILES, "ssg.toml": RULES + "[outputs]\nmarkdown = true\n"}
    ran = ssg("popular", "--what-if", "--json", "access.log", files=files)
    assert json.loads(ran.out)["page_limit"] == 5_000
