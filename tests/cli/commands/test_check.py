"""`ssg check`."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from ssg.model.errors import ConfigError
from tests.cli.conftest import Ran

Ssg = Callable[..., Ran]
FINE = {
    "ssg.toml": 'theme = ""\nbase_url = "https://example.org/"\n[target]\nname = "netlify"\n',
    "content/a.md": "---\ndeferred: true\n---\n\n[b](b.md#part)\n",
    "content/b.md": "## Part\n\n[a](/a/) [top](#top) [mail](mailto:a@b.example)\n",
}
BAD = {**FINE, "content/a.md": "---\ndeferred: true\ntitel: x\n---\n\n[b](/bb/)\n\n![x](x.png)\n"}


def test_a_site_without_faults_is_status_0(ssg: Ssg) -> None:
    ran = ssg("check", files=FINE)
    assert (ran.status, ran.out) == (0, "")
    assert "critical and 1 deferred page" in ran.err
    assert ran.err.endswith("no findings\n")


def test_findings_are_grouped_with_their_lines_and_status_1(ssg: Ssg) -> None:
    ran = ssg("check", files=BAD)
    assert ran.status == 1
    assert ran.out.splitlines() == [
        "dead links",
        '  content/a.md:6: there is nothing at /bb/. Did you mean "/b/"?',
        "",
        "missing files",
        "  content/a.md:8: there is no file /a/x.png",
        "",
        "front matter and files",
        '  content/a.md:3:1: unknown key "titel". Did you mean "title"?',
        "",
    ]
    assert ran.err.endswith("3 findings\n")


def test_json_has_findings_and_coverage(ssg: Ssg) -> None:
    ran = ssg("check", "--json", files=BAD)
    assert (ran.status, ran.err) == (1, "")
    report = json.loads(ran.out)
    assert [one["kind"] for one in report["findings"]] == ["dead-link", "missing-file", "source"]
    assert report["findings"][0] == {
        "kind": "dead-link", "message": "there is nothing at /bb/",
        "where": {"path": "content/a.md", "line": 6, "column": None},
        "hint": 'Did you mean "/b/"?', "pages": ["/a/"],
    }  # fmt: skip
    assert report["coverage"]["deferred"] == 1


def test_a_configuration_that_cannot_be_used_is_status_2(ssg: Ssg) -> None:
    ran = ssg("check", files={"ssg.toml": "titel = 1\n"})
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith('ssg.toml:1:1: error: unknown key "titel"')
    assert json.loads(ssg("check", "--json").out)["errors"]
    with pytest.raises(ConfigError):
        ssg("check", "--debug")


def test_content_that_cannot_be_built_is_status_1(ssg: Ssg) -> None:
    ran = ssg("check", files={**FINE, "content/c.md": "---\nttl: 1\n---\n"})
    assert (ran.status, ran.out) == (1, "")
    assert "content/c.md:2:1: error: " in ran.err


def test_addresses_can_be_ignored(ssg: Ssg) -> None:
    ran = ssg(
        "check", "--json", "--ignore", "/bb/", "--ignore", "https://example.org/a/*", files=BAD
    )
    assert [one["kind"] for one in json.loads(ran.out)["findings"]] == ["source"]
    files = {"ssg.toml": FINE["ssg.toml"] + '[link_checker]\nignore = ["/bb/"]\n'}
    ran = ssg("check", "--json", files=files)
    kinds = [one["kind"] for one in json.loads(ran.out)["findings"]]
    assert kinds == ["missing-file", "source"]


def test_quiet_prints_findings_only(ssg: Ssg) -> None:
    assert ssg("check", "-q", files=FINE) == Ran(0, "", "")
    ran = ssg("check", "-q", files=BAD)
    assert (ran.status, ran.err) == (1, "")
    assert ran.out.startswith("dead links\n")


def test_drafts_can_be_checked(ssg: Ssg) -> None:
    files = {**FINE, "content/d.md": "---\ndraft: true\n---\n\n[x](/nope/)\n"}
    assert ssg("check", files=files).status == 0
    assert ssg("check", "-D").status == 1


def test_other_sites_are_only_checked_on_request(ssg: Ssg) -> None:
    files = {**FINE, "content/c.md": "[x](http://127.0.0.1:9/x)\n"}
    ran = ssg("check", files=files)
    assert (ran.status, ", but not 1 to other sites in " in ran.err) == (0, True)
    ran = ssg(
        "check",
        "--external",
        files={"ssg.toml": FINE["ssg.toml"] + "[link_checker]\nretries = 0\n"},
    )
    assert ran.status == 1
    assert ran.out.splitlines()[1] == (
        "  content/c.md:1: http://127.0.0.1:9/x does not answer: connection refused"
    )


def test_a_sample_is_named_in_the_summary(ssg: Ssg) -> None:
    files = {f"content/old/{n}.md": "---\ndeferred: true\n---\n" for n in range(5)}
    ran = ssg("check", "--sample", "2", files={**FINE, **files})
    assert "2 of 6 deferred pages" in ran.err
