"""The file of a tag table: what is written is read, and nothing else is."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.fingerprint.tag_table import table_file
from ssg.fingerprint.tag_table.table_file import MAGIC, TableError, TagTable, table_name
from ssg.render.dependencies.tags import KINDS, Dependency, name_hash, page_tag

FIVE = st.binary(min_size=5, max_size=5)
TABLES = st.dictionaries(
    st.sampled_from(KINDS), st.dictionaries(FIVE, FIVE, max_size=30), max_size=6
)


def _table(**paths: str) -> TagTable:
    values = {name_hash(f"/{path}/"): value.encode() for path, value in paths.items()}
    return TagTable.of({"page": values}, "b1")


@given(TABLES, st.text("0123456789abcdef", max_size=255))
def test_what_is_written_is_read(values: dict[str, dict[bytes, bytes]], build_id: str) -> None:
    table = TagTable.of(values, build_id)
    assert TagTable.from_bytes(table.to_bytes()) == table
    assert len(table) == sum(map(len, values.values()))


@given(TABLES, TABLES)
def test_a_difference_is_a_tag_with_another_value(
    before: dict[str, dict[bytes, bytes]], now: dict[str, dict[bytes, bytes]]
) -> None:
    one, other = TagTable.of(before, ""), TagTable.of(now, "")
    expected = {
        key for key in one.values | other.values if one.values.get(key) != other.values.get(key)
    }
    assert len(other.differing(one)) == len(expected)
    assert one.differing(other) == other.differing(one) == sorted(one.differing(other))


def test_differences_are_tags() -> None:
    before, now = _table(a="00000", b="00000", c="00000"), _table(a="00000", b="11111", d="00000")
    assert now.differing(before) == sorted(map(page_tag, ("/b/", "/c/", "/d/")))
    menus = TagTable.of({"menus": {name_hash(""): b"00000"}}, "")
    assert menus.differing(TagTable({})) == ["menus"]


def test_a_table_has_the_value_of_a_tag() -> None:
    assert _table(a="00001").value(Dependency("page", "/a/")) == b"00001"
    assert _table(a="00001").value(Dependency("row", "/a/")) is None


def test_the_name_is_a_digest_of_the_content() -> None:
    one, other = _table(a="00000").to_bytes(), _table(a="00001").to_bytes()
    assert table_name(one) == table_name(_table(a="00000").to_bytes()) != table_name(other)


GOOD = _table(a="00000", b="00001").to_bytes()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a tag table"),
        (b"<!doctype html>", "not a tag table"),
        (MAGIC + b"\2" + GOOD[9:], "not a tag table of this version"),
        (GOOD[:9], "not a tag table"),
        (GOOD[:11], "not complete"),
        (GOOD[:-3], "not complete"),
        (GOOD + b"x", "not complete"),
        (GOOD[:-6] + b"\0" * 6, "damaged"),
        (MAGIC + b"\1\0" + zlib.compress(b"\0\0\0\5short"), "not complete"),
        (MAGIC + b"\1\0" + zlib.compress(b"\0\0\0\1\xff" + b"0" * 10), "unknown kind"),
    ],
)
def test_other_files_are_no_tables(data: bytes, message: str) -> None:
    with pytest.raises(TableError, match=message):
        TagTable.from_bytes(data)


def test_a_file_that_would_fill_the_memory_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_file, "MAX_TAGS", 1)
    with pytest.raises(TableError, match="not complete"):
        TagTable.from_bytes(GOOD)


def test_a_tag_takes_few_bytes() -> None:
    names = [name_hash(str(number)) for number in range(20_000)]
    table = TagTable.of({"page": {one: name_hash(one.hex()) for one in names}}, "")
    assert len(table.to_bytes()) < 9 * len(names)
