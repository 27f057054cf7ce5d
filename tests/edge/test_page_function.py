"""The function in this process, whose renderers are all of one build."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ssg.edge.page_function import OtherBuildError, function_in_process
from ssg.edge.render_turns import SlowRenderError
from ssg.runtime.http import Request
from ssg.targets.bundles.native.bundle import DATABASE
from tests.server_site import SERVER_SITE, build_for_server

HOOKS = """
def endless(title):
    while title == "Loop":
        pass
    return title

def setup(hooks):
    hooks.filter(endless)
"""
HANGING = {
    **SERVER_SITE,
    "hooks.py": HOOKS,
    "templates/page.html": "{{ page.title|endless }}",
    "content/blog/loop.md": "---\ntitle: Loop\ndeferred: true\n---\nx",
}
LOOP, PAGE = Request("GET", "/blog/loop/"), Request("GET", "/blog/a/")


def test_after_a_render_that_was_interrupted_another_renderer_is_opened(tmp_path: Path) -> None:
    build_for_server(tmp_path, HANGING)
    answer = function_in_process(tmp_path / "dist" / DATABASE, "", limit_seconds=0.3)
    with pytest.raises(SlowRenderError):
        answer(LOOP)
    assert answer(PAGE).body == b"A"


def test_the_database_of_another_build_is_not_opened_beside_the_first(tmp_path: Path) -> None:
    build_for_server(tmp_path, HANGING)
    build_for_server(tmp_path / "other", {**HANGING, "content/about.md": "Another"})
    database = tmp_path / "dist" / DATABASE
    answer = function_in_process(database, "", limit_seconds=0.3)
    shutil.copy(tmp_path / "other/dist" / DATABASE, database.with_name("new"))
    database.with_name("new").replace(database)
    assert answer(PAGE).body == b"A"
    with pytest.raises(SlowRenderError):
        answer(LOOP)
    with pytest.raises(OtherBuildError):
        answer(PAGE)
