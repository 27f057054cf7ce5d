"""A deferred page is byte for byte the page that a full build would have written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.model.queries.site import Site
from ssg.model.urls import output_file, quote_path
from ssg.runtime.http import Request, Response
from ssg.runtime.rounds import answered
from ssg.runtime.tagged_renderer import TaggedRenderer
from ssg.targets.netlify.function import local_function
from tests.parity.conftest import Twice

pytestmark = [pytest.mark.node, pytest.mark.xdist_group("parity")]


def differing(twice: Twice, answer: Callable[[Request], Response], one_of: int = 1) -> list[str]:
    """Return the deferred paths for which `answer` differs from the full build."""
    return [
        path
        for path in twice.deferred_paths()[::one_of]
        if answer(Request("GET", quote_path(path))).body != written(twice.whole.output, path)
    ]


def written(folder: Path, path: str) -> bytes:
    return (folder / output_file(path)).read_bytes()


def test_the_sites_defer_most_of_their_pages(twice: Twice) -> None:
    assert twice.whole.deferred == 0
    assert twice.deferred.deferred > 0
    assert twice.deferred.critical + twice.deferred.deferred == twice.whole.critical


def test_the_runtime_in_this_python_gives_the_bytes_of_the_full_build(twice: Twice) -> None:
    renderer = TaggedRenderer(Site.open(twice.deferred.database))
    assert differing(twice, lambda request: answered(renderer, request)) == []


def test_the_emitted_function_gives_the_bytes_of_the_full_build(twice: Twice) -> None:
    with local_function(twice.function_dir) as host:
        assert differing(twice, host.answer) == []


def test_critical_pages_are_those_of_the_full_build(twice: Twice) -> None:
    site = Site.open(twice.deferred.database)
    paths = [page.path for page in site.all_pages() if not page.deferred]
    here, there = twice.deferred.output, twice.whole.output
    assert [path for path in paths if written(here, path) != written(there, path)] == []


def test_both_publish_folders_hold_the_same_files_but_for_deferred_pages(twice: Twice) -> None:
    deferred = {output_file(path) for path in twice.deferred_paths()}
    own = {"_redirects", "_headers"}
    assert files(twice.deferred.output) - own == files(twice.whole.output) - deferred


def files(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
