"""Several processes write what one writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.build import workers
from ssg.model.errors import RenderError
from tests.conftest import Built

FILES = {f"content/{n}.md": f"---\ntitle: T{n}\n---\n*{n}*" for n in range(120)}


def _tree(built: Built) -> dict[str, str]:
    return {name: built.read(name) for name in built.files}


def test_workers_write_the_same_bytes(
    site: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "ALONE_BELOW", 10**6)
    alone = _tree(site(FILES))
    monkeypatch.setattr(workers, "ALONE_BELOW", 1)
    assert _tree(site()) == alone


def test_problems_come_in_the_order_of_pages_from_workers_too(
    site: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {**FILES, **{f"content/{n}.md": "[x](nope.md)" for n in (5, 60, 119)}}
    told = []
    for limit in (10**6, 1):
        monkeypatch.setattr(workers, "ALONE_BELOW", limit)
        with pytest.raises(RenderError) as caught:
            site(files)
        told.append([str(problem) for problem in caught.value.problems])
    assert told[0] == told[1]
    assert len(told[0]) == 3


def test_progress_counts_every_page(site: Callable[..., Built], tmp_path: Path) -> None:
    built = site(FILES)
    steps: list[int] = []
    ids = built.site.critical_ids()
    assert workers.write_pages(built.report.database, tmp_path / "again", ids, steps.append) == []
    assert sum(steps) == len(ids)
