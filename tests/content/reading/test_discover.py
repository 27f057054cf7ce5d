"""Which sources are read, and in how many processes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.build.images.picture_reader import picture_reader
from ssg.build.render.workers import workers
from ssg.config.load import load
from ssg.content.reading.chunk_reader import ChunkReader, ChunkRequest, words_in
from ssg.content.scan import Changes, EarlierScan, Scan, scan
from ssg.content.source.publication import IncludeOptions
from ssg.fingerprint import files
from tests.conftest import BARE, NOW, write

FILES = {f"content/blog/post-{number:03}.md": f"# Post {number}\n\ntext" for number in range(200)}


def _scan(site: Path, state: Path, **known: Any) -> Scan:
    state.mkdir(exist_ok=True)
    (state / "new.db").unlink(missing_ok=True)
    return scan(
        load(site, environment={}),
        NOW,
        IncludeOptions(),
        state / "new.db",
        read_picture=picture_reader(None),
        **known,
    )


def _told(found: Scan) -> tuple[object, ...]:
    tables = ("page", "body", "block", "listing", "page_term")
    return (
        found.build_id,
        *(found.connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables),  # noqa: S608
    )


def _changes(site: Path, state: Path) -> Changes:
    return _scan(site, state, earlier=EarlierScan(state / "cache")).changes


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Old enough for the times of its files to be believed."""
    write(tmp_path / "site", {**BARE, **FILES, "content/blog/_index.md": "---\ntitle: B\n---\n"})
    return tmp_path / "site"


def test_workers_find_what_one_process_finds(site: Path, tmp_path: Path) -> None:
    alone = _scan(site, tmp_path / "one")
    with workers(2) as pool:
        together = _scan(site, tmp_path / "two", parallel_map=pool.map)
    assert _told(alone) == _told(together)


def test_nothing_is_read_that_is_as_it_was(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "COARSE_TICK_NANOSECONDS", 0)
    time.sleep(0.02)  # a clock of files ticks a hundred times a second, or more often
    assert _changes(site, tmp_path / "state").read == 201
    monkeypatch.setattr(ChunkReader, "__call__", None)
    assert _changes(site, tmp_path / "state").read == 0


def test_a_file_that_has_just_changed_is_read_again(site: Path, tmp_path: Path) -> None:
    """Its time may be the same after another change."""
    asked: list[ChunkRequest] = []

    def parallel_map(read: ChunkReader, orders: Iterable[ChunkRequest]) -> Iterable[Any]:
        asked.extend(orders)
        return map(read, asked)

    _scan(site, tmp_path / "state", earlier=EarlierScan(tmp_path / "cache"))
    found = _scan(
        site, tmp_path / "state", earlier=EarlierScan(tmp_path / "cache"), parallel_map=parallel_map
    )
    assert sum(len(order.names) for order in asked) == 201
    assert found.changes.read == 0


def test_a_copy_with_new_times_is_read_but_not_taken_apart(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "COARSE_TICK_NANOSECONDS", 0)
    time.sleep(0.02)
    _changes(site, tmp_path / "state")
    for name in FILES:
        os.utime(site / name, (1, 1))
    monkeypatch.setattr(ChunkReader, "source", lambda _, name, *_more: taken.append(name))
    taken: list[str] = []
    assert _changes(site, tmp_path / "state").read == 0
    assert taken == ["blog/_index.md"]  # it may hand down front matter


def test_a_section_that_changes_behind_its_reading_is_read_by_the_next_build(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files of sections are opened ahead of all others."""
    monkeypatch.setattr(files, "COARSE_TICK_NANOSECONDS", 0)
    time.sleep(0.02)

    def parallel_map(read: ChunkReader, orders: Iterable[ChunkRequest]) -> Iterable[Any]:
        write(site, {"content/blog/_index.md": "---\ntitle: C\n---\n"})
        return map(read, orders)

    known = {"earlier": EarlierScan(tmp_path / "cache"), "parallel_map": parallel_map}
    assert ("B",) in _titles(_scan(site, tmp_path / "state", **known))
    assert ("C",) in _titles(
        _scan(site, tmp_path / "state", earlier=EarlierScan(tmp_path / "cache"))
    )


def _titles(found: Scan) -> list[tuple[str]]:
    return found.connection.execute("SELECT title FROM page WHERE kind = 'section'").fetchall()


def test_one_change_reads_one_chunk(site: Path, tmp_path: Path) -> None:
    _changes(site, tmp_path / "state")
    write(site, {"content/blog/post-100.md": "other"})
    assert 0 < _changes(site, tmp_path / "state").read < 150


def test_a_page_hook_sees_every_source_every_time(site: Path, tmp_path: Path) -> None:
    hook = "def setup(hooks):\n    hooks.on_page(lambda page: page.front.update(title='H'))\n"
    write(site, {"build_hooks.py": hook})
    for _ in range(2):
        assert _changes(site, tmp_path / "state").read == 201


@given(st.text(), st.text("a \n\t\x1c\u00a0\u2003é"))
def test_words_are_those_of_split(one: str, two: str) -> None:
    for text in (one, two, one + two):
        assert words_in(text, text.encode("utf-8", "surrogatepass")) == len(text.split())
