"""What a build remembers of sources, and what it does not believe."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ssg.config.load import load
from ssg.content.reading.chunk_reader import ReadChunk, content_hash
from ssg.content.reading.chunks import Chunk, pack_diagnostics, pack_documents
from ssg.content.reading.codec import pack
from ssg.content.reading.source_cache import SourceCache, cache_key, cache_name
from ssg.content.source.document import SourceDocument
from ssg.content.source.publication import IncludeOptions
from tests.conftest import BARE, write


def _read(name: str = "a.md") -> ReadChunk:
    facts = pack_documents([SourceDocument(name, title="A")])
    chunk = Chunk(
        (name,), b"stats", b"hashes", 0.0, 9.0, "", 1, (), ("0a",), pack([]),
        pack_diagnostics([], []),
        content_hash(facts + pack(())),
    )  # fmt: skip
    return ReadChunk(chunk, facts)


def _kept(path: Path, *reads: ReadChunk) -> None:
    cache = SourceCache(path, "key")
    for read in reads:
        cache.keep(read)
    cache.keep_structure("shape", (1, "two"))
    cache.close()


def test_what_is_kept_is_there_the_next_time(tmp_path: Path) -> None:
    _kept(tmp_path / "c.db", _read("a.md"), _read("b.md"))
    cache = SourceCache(tmp_path / "c.db", "key")
    assert set(cache.chunks) == {("a.md",), ("b.md",)}
    assert cache.chunks["a.md",] == _read("a.md").chunk
    assert cache.found(cache.chunks["a.md",]) == [SourceDocument("a.md", title="A")]
    assert cache.structure("shape") == (1, "two")
    assert cache.structure("another") is None


def test_what_is_read_again_is_known_as_it_was(tmp_path: Path) -> None:
    _kept(tmp_path / "c.db", _read("a.md"), _read("b.md"))
    cache = SourceCache(tmp_path / "c.db", "key")
    facts = pack_documents([SourceDocument("a.md", title="Other")])
    chunk = _read("a.md").chunk._replace(facts=content_hash(facts + pack(())))
    cache.keep(ReadChunk(chunk, facts))
    assert cache.replaced == {("a.md",): _read("a.md")}
    assert cache.structure("shape")
    cache.renew_structure("other shape")
    cache.close()
    later = SourceCache(tmp_path / "c.db", "key")
    assert later.replaced == {}
    assert later.found(later.chunks["a.md",]) == [SourceDocument("a.md", title="Other")]
    assert later.structure("other shape") == (1, "two")
    assert later.structure("shape") is None


def test_what_was_harmed_is_not_known_as_it_was(tmp_path: Path) -> None:
    _kept(tmp_path / "c.db", _read("a.md"))
    with closing(sqlite3.connect(tmp_path / "c.db", isolation_level=None)) as connection:
        connection.execute("UPDATE chunk SET facts = zeroblob(9)")
    cache = SourceCache(tmp_path / "c.db", "key")
    cache.keep(_read("a.md"))
    assert cache.replaced == {}


def test_another_key_is_another_cache(tmp_path: Path) -> None:
    _kept(tmp_path / "c.db", _read())
    assert SourceCache(tmp_path / "c.db", "other").chunks == {}
    assert SourceCache(tmp_path / "c.db", "key").chunks == {}


def test_a_build_that_is_killed_leaves_what_was_there(tmp_path: Path) -> None:
    _kept(tmp_path / "c.db", _read("a.md"))
    killed = SourceCache(tmp_path / "c.db", "key")
    killed.keep(_read("b.md"))
    killed.forget("a.md")
    killed._connection.close()
    assert set(SourceCache(tmp_path / "c.db", "key").chunks) == {("a.md",)}


def test_a_cache_that_another_build_writes_is_left_alone(tmp_path: Path) -> None:
    _kept(tmp_path / "c.db", _read("a.md"))
    with closing(sqlite3.connect(tmp_path / "c.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        cache = SourceCache(tmp_path / "c.db", "key")
        assert cache.chunks == {}
        cache.keep(_read("b.md"))
        cache.close()
    assert set(SourceCache(tmp_path / "c.db", "key").chunks) == {("a.md",)}


@pytest.mark.parametrize("column", ["head", "facts"])
def test_a_value_that_is_not_what_it_was_is_passed_over(tmp_path: Path, column: str) -> None:
    _kept(tmp_path / "c.db", _read())
    with closing(sqlite3.connect(tmp_path / "c.db")) as spoiled, spoiled:
        spoiled.execute(f"UPDATE chunk SET {column} = substr({column}, 1, 9)")  # noqa: S608
    cache = SourceCache(tmp_path / "c.db", "key")
    assert cache.found(_read().chunk) is None or column == "head"
    assert bool(cache.chunks) == (column == "facts")


def test_documents_of_another_reading_are_passed_over(tmp_path: Path) -> None:
    _kept(tmp_path / "c.db", _read())
    cache = SourceCache(tmp_path / "c.db", "key")
    assert cache.found(_read().chunk._replace(facts=b"another")) is None


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"x" * 4000])
def test_any_other_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "c.db").write_bytes(content)
    _kept(tmp_path / "c.db", _read())
    assert set(SourceCache(tmp_path / "c.db", "key").chunks) == {("a.md",)}


def test_a_place_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    _kept(tmp_path / "file" / "c.db", _read())


@pytest.mark.parametrize(
    ("config", "is_same"),
    [
        ('title = "Other"\n', True),
        ('timezone = "Asia/Tokyo"\n', False),
        ("[taxonomies.series]\n", False),
        ("[collections.blog.fields.hero]\n", False),
    ],
)
def test_the_key_is_of_what_reading_hangs_on(tmp_path: Path, config: str, is_same: bool) -> None:
    write(tmp_path / "one", BARE)
    write(tmp_path / "two", {**BARE, "ssg.toml": BARE["ssg.toml"] + config})
    one, two = (cache_key(load(tmp_path / name, environment={})) for name in ("one", "two"))
    assert (one == two) == is_same


def test_builds_that_leave_out_less_have_a_cache_of_their_own() -> None:
    assert cache_name(IncludeOptions()) == "sources.db"
    assert cache_name(IncludeOptions(drafts=True, expired=True)) == "sources-drafts-expired.db"
