"""`ssg build` of a site with live pages."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.build.live.live_site import FILES as SITE
from tests.cli.conftest import Ran
from tests.json_api import json_api

Ssg = Callable[..., Ran]
FILES = {**SITE, "ssg.toml": f'target.name = "server"\n{SITE["ssg.toml"]}'}


def test_a_build_reads_a_file_of_variables(ssg: Ssg) -> None:
    with json_api(posts=3) as api:
        files = {**FILES, "a.env": f"API_URL={api.url}\n"}
        ran = ssg("build", "--env-file", "a.env", files=files)
        again = ssg("build", "--json", "--env-file", "a.env")
    assert ran.status == 0, ran.err
    assert "1 route, 3 of 3 known paths rendered" in ran.out
    assert "8 critical, 0 deferred" in ran.out
    report = json.loads(again.out)
    assert report["live"] == {"routes": 1, "known": 3, "critical": 3, "files": 0}
    assert (report["critical"], report["rendered"], report["kept"]) == (8, 3, 5)


def test_a_variable_that_is_set_wins(ssg: Ssg, monkeypatch: pytest.MonkeyPatch) -> None:
    with json_api(posts=1) as api:
        monkeypatch.setenv("API_URL", api.url)
        files = {**FILES, "a.env": "API_URL=http://127.0.0.1:9\n"}
        assert ssg("build", "--env-file", "a.env", files=files).status == 0


def test_a_source_that_fails_ends_the_command(ssg: Ssg) -> None:
    ran = ssg("build", files=FILES)
    assert ran.status == 1
    assert (
        "ssg.toml:19:1: error: api: /popular?limit=300: its url needs a value of the variable"
        in ran.err
    )
