"""Several processes write what one writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.build.render import page_writer
from ssg.build.render.workers import workers
from ssg.model.errors import RenderError
from tests.conftest import Built

FILES = {f"content/{n}.md": f"---\ntitle: T{n}\n---\n*{n}*" for n in range(120)}


def _tree(built: Built) -> dict[str, str]:
    return {name: built.read(name) for name in built.files}


def test_workers_write_the_same_bytes(
    site: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_writer, "ALONE_BELOW", 10**6)
    alone = _tree(site(FILES))
    monkeypatch.setattr(page_writer, "ALONE_BELOW", 1)
    assert _tree(site()) == alone


def test_problems_come_in_the_order_of_pages_from_workers_too(
    site: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {**FILES, **{f"content/{n}.md": "[x](nope.md)" for n in (5, 60, 119)}}
    told = []
    for limit in (10**6, 1):
        monkeypatch.setattr(page_writer, "ALONE_BELOW", limit)
        with pytest.raises(RenderError) as caught:
            site(files)
        told.append([str(problem) for problem in caught.value.problems])
    assert told[0] == told[1]
    assert len(told[0]) == 3


def test_progress_counts_every_page(site: Callable[..., Built], tmp_path: Path) -> None:
    built = site(FILES)
    steps: list[int] = []
    ids = [page_id for _, page_id in built.site.critical_pages()]
    again = tmp_path / "again"
    with workers() as pool:
        found = page_writer.write_pages(pool, built.report.database, again, ids, steps.append)
    assert found.problems == []
    assert sorted(found.files) == sorted(str(f.relative_to(again)) for f in again.rglob("*.*"))
    assert sum(steps) == len(ids)


def test_lists_are_ordered_first_in_small_chunks() -> None:
    lists = dict.fromkeys((3, 30, 31, 32, 33), "section")
    chunks = page_writer._chunks(range(40), {**lists, 38: "sitemap", 39: "sitemap"})
    assert chunks[:4] == [[38], [39], [3, 30, 31, 32], [33]]
    assert [len(chunk) for chunk in chunks[4:]] == [32, 1]
    assert sorted(page_id for chunk in chunks for page_id in chunk) == list(range(40))
