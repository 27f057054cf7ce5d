"""`ssg plan`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Ran
from tests.conftest import Files
from tests.images.pictures import encoded, quarters

Ssg = Callable[..., Ran]
FILES = {
    "ssg.toml": 'theme = ""\n[target]\nname = "netlify"\n[[deferred.rules]]\n'
    'match = "blog/**"\nttl = 60\nstale = 5\ncache_tags = "blog"\n',
    "content/blog/a.md": "",
    "content/b.md": "",
}


def test_every_page_is_listed_with_its_reason(ssg: Ssg) -> None:
    ran = ssg("plan", files=FILES)
    lines = [line.split(maxsplit=2) for line in ran.out.splitlines()]
    assert ran.status == 0
    assert ["page", "plan", "ttl   stale  cache tags  reason"] in lines
    assert ["/blog/a/", "deferred", '60 s  5 s    blog        rule 1 (match "blog/**")'] in lines
    assert ["/b/", "critical", "no rule defers it"] in lines
    assert ran.out.endswith("6 critical, 1 deferred\n")


def test_columns_that_no_page_uses_are_left_out(ssg: Ssg) -> None:
    config = FILES["ssg.toml"].partition("stale")[0]
    lines = [
        line.split(maxsplit=2)
        for line in ssg("plan", files={**FILES, "ssg.toml": config}).out.splitlines()
    ]
    assert ["page", "plan", "ttl   reason"] in lines
    assert ["/blog/a/", "deferred", '60 s  rule 1 (match "blog/**")'] in lines


def test_json_has_the_same(ssg: Ssg) -> None:
    plan = json.loads(ssg("plan", "--json", files=FILES).out)
    assert plan["totals"] == {"pages": 7, "critical": 6, "deferred": 1, "live": 0}
    assert plan["routes"] == []
    assert [page for page in plan["pages"] if page["deferred"]] == [
        {
            "path": "/blog/a/",
            "kind": "page",
            "source": "blog/a.md",
            "deferred": True,
            "ttl": 60,
            "stale": 5,
            "cache_tags": ["blog"],
            "reason": 'rule 1 (match "blog/**")',
        }
    ]


def test_nothing_is_written(ssg: Ssg, tmp_path: Path) -> None:
    ssg("plan", files=FILES)
    assert not (tmp_path / ".ssg").exists()
    assert not (tmp_path / "public").exists()


def test_another_target_has_another_plan(ssg: Ssg) -> None:
    ran = ssg("plan", "--target", "static", files=FILES)
    assert ran.out.endswith("7 critical, 0 deferred\n")


def test_long_paths_are_whole_in_a_pipe(ssg: Ssg) -> None:
    name = "x" * 200
    assert f"/{name}/" in ssg("plan", files={f"content/{name}.md": ""}).out


def test_how_requests_reach_a_function_is_told_with_the_reason(ssg: Ssg) -> None:
    config = FILES["ssg.toml"].replace("[[", 'kind = "function"\n[[', 1)
    files = {**FILES, "ssg.toml": config, "content/blog/c.md": ""}
    own = "paths of its own: no redirect rule is for any of them"
    ran = ssg("plan", files=files)
    assert ran.out.endswith(f"function by {own}\nits paths: /blog/* /blog /blog/\n")
    assert json.loads(ssg("plan", "--json").out)["routing"] == {
        "paths": ["/blog/*", "/blog", "/blog/"],
        "reason": own,
    }
    ran = ssg("plan", files={"static/_redirects": "/blog/x /b/ 302\n"})
    assert ran.out.endswith(
        "function by redirect rules: `/blog/x /b/ 302` (static/_redirects:1:1) "
        "has to come before it\n"
    )


def test_pictures_are_listed_with_their_plan(ssg: Ssg) -> None:
    config = FILES["ssg.toml"] + '[[deferred.rules]]\nkind = "image"\nmatch = "old/**"\n[images]\n'
    boat = encoded(quarters(), "JPEG")
    files: Files = {
        **FILES, "ssg.toml": config, "static/boat.jpg": boat, "static/old/boat.jpg": boat,
        "static/plan.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 2"/>',
    }  # fmt: skip
    lines = ssg("plan", files=files).out.splitlines()
    shown = {line.split()[0]: line for line in lines if line.startswith("/") and " x " in line}
    assert "120 x 80 jpeg  by use" in shown["/boat.jpg"]
    assert "deferred" in shown["/old/boat.jpg"] and "rule 2" in shown["/old/boat.jpg"]
    assert "3 x 2 svg" in shown["/plan.svg"]
    assert shown["/plan.svg"].endswith("as it is  drawings stay as they are")
    pictures = json.loads(ssg("plan", "--json").out)["pictures"]
    assert [(one["path"], one["deferred"]) for one in pictures] == [
        ("/boat.jpg", None), ("/old/boat.jpg", True), ("/plan.svg", None),
    ]  # fmt: skip
