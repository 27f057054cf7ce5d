"""What a build did, as a value."""

from __future__ import annotations

import json
from collections.abc import Callable

from ssg.build.report import problem_json
from ssg.model.errors import Location, Problem
from tests.conftest import Built

FILES = {
    "ssg.toml": 'theme = ""\n[[deferred.rules]]\nmatch = "a.md"\n',
    "content/a.md": "",
    "content/b.md": "---\ntitel: x\n---\n",
    "content/c.md": "---\ndraft: true\n---\n",
}


def test_a_report_is_json_for_machines(site: Callable[..., Built]) -> None:
    built = site(FILES, target="netlify")
    report = json.loads(json.dumps(built.report.to_json()))
    assert (report["critical"], report["deferred"], report["page_limit"]) == (5, 1, 10_000)
    assert report["files"] == len(built.files)
    assert report["output"] == str(built.report.output)
    assert report["builder"] == "/.netlify/builders/ssg-pages"
    assert report["routes"]["covering"] == ["/a/ /.netlify/builders/ssg-pages 200"]
    assert report["skipped"] == [{"source": "c.md", "reason": "draft"}]
    assert report["warnings"][0]["where"] == {"path": "content/b.md", "line": 2, "column": 1}
    assert list(report["stages"]) == ["scan", "plan", "copy", "render", "emit", "publish"]


def test_a_problem_is_json() -> None:
    assert problem_json(Problem("m", Location("f", 1), "h")) == {
        "message": "m",
        "where": {"path": "f", "line": 1, "column": None},
        "hint": "h",
        "pages": [],
    }
    assert problem_json(Problem("m"))["where"] is None
