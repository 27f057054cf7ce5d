"""Runs of sources, and what they say as plain values."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ssg.content.reading.chunks import (
    chunks_of,
    pack_diagnostics,
    pack_documents,
    unpack_diagnostics,
    unpack_documents,
)
from ssg.content.source.document import SectionOptions, SourceDocument
from ssg.model.errors import Location, Problem
from ssg.model.page import DeferOverride
from ssg.model.settings import MenuEntry

texts = st.text(max_size=5)
documents = st.builds(
    SourceDocument,
    source=texts,
    title=texts,
    date=st.none() | st.just("2026-01-31T12:00:00+00:00"),
    terms=st.dictionaries(texts, st.lists(texts, max_size=2), max_size=2),
    aliases=st.lists(texts, max_size=2).map(tuple),
    menus=st.lists(st.builds(MenuEntry, texts, weight=st.integers(-9, 9)), max_size=2).map(tuple),
    defer_override=st.none()
    | st.builds(DeferOverride, st.none() | st.booleans(), st.none() | st.integers(60, 90)),
    section=st.none() | st.builds(SectionOptions, sort_by=texts),
)
places = st.none() | st.builds(Location, texts, st.none() | st.integers(1, 9))
problems = st.lists(st.builds(Problem, texts, places, st.none() | texts), max_size=3)


@given(st.lists(st.none() | documents, max_size=4))
def test_documents_come_back_as_they_were(found: list[SourceDocument | None]) -> None:
    assert unpack_documents(pack_documents(found)) == found
    assert pack_documents(found) == pack_documents(unpack_documents(pack_documents(found)))


@given(problems, problems)
def test_diagnostics_come_back_as_they_were(some: list[Problem], others: list[Problem]) -> None:
    assert unpack_diagnostics(pack_diagnostics(some, others)) == (some, others)


@given(st.sets(st.text(min_size=1, max_size=3), max_size=80), st.text(min_size=1, max_size=3))
def test_what_comes_and_goes_changes_one_chunk_or_two(names: set[str], name: str) -> None:
    before, after = (list(chunks_of(sorted(some))) for some in (names - {name}, names | {name}))
    assert [one for chunk in after for one in chunk] == sorted(names | {name})
    assert len(set(before) - set(after)) <= 2
    assert len(set(after) - set(before)) <= 2


def test_a_chunk_has_some_thirty_sources() -> None:
    sizes = list(map(len, chunks_of(f"posts/post-{number:06}.md" for number in range(32_000))))
    assert 28 <= sum(sizes) / len(sizes) <= 36
