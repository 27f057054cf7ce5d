"""`ssg verify`: what it compares, and what it says where there is nothing to compare."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.sources.recorded import RecordingShell
from tests.build.live.live_site import CONFIG as LIVE_CONFIG
from tests.build.live.live_site import FILES as LIVE
from tests.cli.conftest import Ran
from tests.json_api import json_api


def test_before_a_build_there_is_nothing_to_verify(ssg: Callable[..., Ran]) -> None:
    ran = ssg("verify")
    assert (ran.status, ran.out) == (1, "")
    assert "nothing to verify: the last build emitted no function" in ran.err
    assert (
        "Run ssg build first. The target of the configuration must be one that emits a function"
        in ran.err
    )


def test_a_build_without_a_function_cannot_be_verified(ssg: Callable[..., Ran]) -> None:
    ssg("build", "-q")
    assert "nothing to verify" in ssg("verify").err


def test_a_sample_is_at_least_one_page(ssg: Callable[..., Ran]) -> None:
    assert ssg("verify", "--sample", "0").status == 2


@pytest.mark.node
@pytest.mark.parametrize("kind", ["builder", "function"])
def test_the_pages_of_a_function_are_compared(ssg: Callable[..., Ran], kind: str) -> None:
    config = f'[target]\nname = "netlify"\nkind = "{kind}"\n[[deferred.rules]]\nmatch = "blog/**"\n'
    page = "---\ntitle: A\nttl: 90\nstale: 5\ncache_tags: [boats]\n---\ntext"
    files = {
        "ssg.toml": f'theme = ""\n{config}',
        "content/blog/a.md": page,
        "content/blog/b.md": "",
    }
    assert ssg("build", "-q", files=files).status == 0
    ran = ssg("verify")
    assert (ran.status, ran.out) == (0, "2 pages compared, 0 differ\n")


RECORDED = {
    **LIVE,
    "ssg.toml": f'target.name = "netlify"\ntarget.kind = "function"\n{LIVE_CONFIG}',
    "content/old.md": "---\ndeferred: true\n---\n",
}


def _record(folder: Path, paths: Mapping[str, object]) -> None:
    """Write recordings of requests."""
    requests = [DataRequest("api", path) for path in paths]
    answers = {one: DataAnswer(200, json.dumps(paths[one.path]).encode()) for one in requests}
    RecordingShell(lambda asked: {one: answers[one] for one in asked}, folder).bring(requests)


@pytest.mark.node
def test_recorded_live_pages_are_compared(
    ssg: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_URL", "http://127.0.0.1:9/nobody")
    post = {"title": "Hé <b>", "edited_at": "2026-01-02"}
    _record(
        tmp_path / "recorded",
        {
            "/posts/ana/a%20b": post,
            "/posts/ana/gone": {},
            "/posts/ben/x": post,
            "/users/ana": {"name": "Ana"},
        },
    )
    assert ssg("build", "-q", files=RECORDED).status == 0
    ran = ssg("verify", "--replay", "recorded")
    assert ran.out == "3 pages compared, 0 differ\n", ran
    assert "1 live page left out: not all answers are recorded" in ran.err
    function = tmp_path / ".netlify/functions-internal/ssg-pages"
    (sources,) = function.rglob("sources.json")
    assert json.loads(sources.read_text())["sources"]["api"]["url"] == "${API_URL}"


@pytest.mark.node
def test_a_live_page_that_is_a_file_of_the_deploy_is_not_compared(
    ssg: Callable[..., Ran], tmp_path: Path
) -> None:
    recorded = {f"/posts/user1/post{number}": {"title": "A"} for number in (1, 2)}
    _record(tmp_path / "recorded", recorded)
    with json_api(posts=2) as api:
        config = (
            f'theme = ""\n[target]\nname = "netlify"\n[sources.api]\nurl = "{api.url}"\n'
            '[[routes]]\npath = "/{user}/{slug}/"\ntemplate = "live.html"\nttl = 60\n'
            'data.post = { source = "api", path = "/posts/{user}/{slug}" }\n'
            'paths = { source = "api", path = "/popular", '
            'params = { user = "user", slug = "slug" }, critical = 1 }\n'
        )
        files = {"ssg.toml": config, "templates/live.html": "{{ post.title }}"}
        assert ssg("build", "-q", files=files).status == 0
    ran = ssg("verify", "--replay", "recorded")
    assert (ran.status, ran.out) == (0, "1 page compared, 0 differ\n")
