"""Names of content files."""

from __future__ import annotations

import pytest

from ssg.model.file_name import file_stem, split_date


@pytest.mark.parametrize(
    ("source", "stem"),
    [
        ("post.md", "post"), ("blog/2026-01-31-a.md", "2026-01-31-a"), ("blog/_index.md", "_index"),
        ("blog/trip/index.md", "trip"), ("index.md", ""), ("a.b.md", "a.b"),
    ],
)  # fmt: skip
def test_a_page_is_named_by_its_file_or_by_its_folder(source: str, stem: str) -> None:
    assert file_stem(source) == stem


@pytest.mark.parametrize(
    ("stem", "parts"),
    [
        ("2026-01-31-hello", ("2026-01-31", "hello")),
        ("2026-01-31_hello", ("2026-01-31", "hello")),
        ("2026-13-99-hello", ("2026-13-99", "hello")), ("2026-01-31-x-y", ("2026-01-31", "x-y")),
        ("2026-01-31", ("", "2026-01-31")), ("2026-01-31-", ("", "2026-01-31-")),
        ("2026-1-31-x", ("", "2026-1-31-x")), ("hello", ("", "hello")), ("", ("", "")),
    ],
)  # fmt: skip
def test_a_date_is_split_off_the_beginning_of_a_name(stem: str, parts: tuple[str, str]) -> None:
    assert split_date(stem) == parts
