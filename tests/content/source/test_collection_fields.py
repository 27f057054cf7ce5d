"""Typed collections."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Built

CONFIG = """theme = ""
[collections.blog.fields.rating]
type = "integer"
required = true
min = 1
max = 5
[collections.blog.fields.mood]
choices = ["good", "bad"]
[collections.blog.fields.seen]
type = "date"
min = 2020-01-01
max = 2029-12-31
[collections.blog.fields.tags]
type = "texts"
choices = ["a", "b"]
max = 2
[collections.blog.fields.description]
min = 3
[collections.blog.fields.open]
type = "boolean"
[collections.blog.fields.price]
type = "number"
max = 9.5
[collections.blog.fields.date]
type = "date"
required = true
[collections."blog/strict"]
strict = true
[collections."blog/strict".fields.mood]
"""
GOOD = "rating: 3\nmood: good\nseen: 2024-01-01\ntags: [a]\ndate: 2025-01-01\nprice: 9\nopen: true"


def _faults(problems: Callable[..., list[str]], header: str, name: str = "a.md") -> list[str]:
    files = {"ssg.toml": CONFIG, f"content/blog/{name}": f"---\n{header}\n---\n"}
    return problems(files)


def test_front_matter_that_fits_is_a_page(site: Callable[..., Built]) -> None:
    files = {
        "ssg.toml": CONFIG,
        "content/blog/_index.md": "",
        "content/blog/a.md": f"---\n{GOOD}\n---\n",
        "content/blog/2025-01-01-b.md": "+++\n[extra]\nrating = 5\nseen = 2024-01-01\n+++\n",
        "content/blog/draft.md": "---\ndraft: true\n---\n",
        "content/other/a.md": "---\nrating: any\n---\n",
        "content/blog/strict/a.md": "---\nmood: any\ntitle: T\n---\n",
    }
    assert "/blog/b/" in site(files).paths


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("rating: 0", '2:1: "rating" is 0, but must be at least 1'),
        ("rating: 6", '2:1: "rating" is 6, but must be at most 5'),
        ("rating: '3'", '2:1: "rating" must be a whole number, not the text "3"'),
        ("rating: true", '2:1: "rating" must be a whole number, not true'),
        ("mood: god", '2:1: "mood" cannot be the text "god". Did you mean "good"?'),
        ("mood: meh", '2:1: "mood" cannot be the text "meh". One of good, bad'),
        ("seen: 2019-12-31", '2:1: "seen" is 2019-12-31, but must be 2020-01-01 or later'),
        ("seen: 2030-01-01", '2:1: "seen" is 2030-01-01, but must be 2029-12-31 or earlier'),
        (
            "seen: never",
            '2:1: "seen" must be a date, not the text "never". '
            "Write it as 2026-01-31 or 2026-01-31T10:00:00Z",
        ),
        ("tags: [a, c]", '2:1: "tags" cannot be the text "c". One of a, b'),
        ("tags: [a, b, a]", '2:1: "tags" has 3 texts, but must have at most 2'),
        ("description: ab", '2:1: "description" has 2 characters, but must have at least 3'),
        ("open: 1", '2:1: "open" must be true or false, not the number 1'),
        ("price: 9.6", '2:1: "price" is 9.6, but must be at most 9.5'),
        ("extra: {rating: 9}", '2:9: "rating" is 9, but must be at most 5'),
    ],
)
def test_a_value_that_does_not_fit_is_told(
    problems: Callable[..., list[str]], change: str, fault: str
) -> None:
    rest = [line for line in GOOD.splitlines() if line.partition(":")[0] not in change]
    (found,) = _faults(problems, "\n".join([change, *rest]))
    assert found == f"content/blog/a.md:{fault}"


def test_all_violations_are_told_at_once(problems: Callable[..., list[str]]) -> None:
    assert _faults(problems, "ratng: 3\nmood: x") == [
        'content/blog/a.md:1: "rating" is missing: the collection "blog" requires it. '
        'Is "ratng" a misspelling of it?',
        'content/blog/a.md:1: "date" is missing: the collection "blog" requires it',
        'content/blog/a.md:3:1: "mood" cannot be the text "x". One of good, bad',
    ]


def test_a_strict_collection_knows_its_own_keys_only(problems: Callable[..., list[str]]) -> None:
    assert _faults(problems, "modo: x\nextra: {own: 1}", "strict/a.md") == [
        'content/blog/strict/a.md:2:1: the collection "blog/strict" has no field "modo". '
        'Did you mean "mood"?',
        'content/blog/strict/a.md:3:9: the collection "blog/strict" has no field "own"',
    ]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ('type = "intger"', 'unknown type "intger". Did you mean "integer"?'),
        ('type = "integer"\nmin = "a"', '"min" must be a number, not the text "a"'),
        ('type = "date"\nmin = 3', '"min" must be a date, not the number 3'),
        ('type = "integer"\nmin = 3\nmax = 2', '"max" is 2, but "min" is 3'),
        ('choices = "a"', '"choices" must be a list, not the text "a"'),
        ('type = "boolean"\nmax = 1', '"max" must be left out for a boolean'),
        ("requird = true", 'unknown key "requird". Did you mean "required"?'),
    ],
)
def test_a_wrong_schema_is_told(problems: Callable[..., list[str]], lines: str, fault: str) -> None:
    config = f'theme = ""\n[collections.blog.fields.x]\n{lines}\n'
    (line,) = problems({"ssg.toml": config})
    assert line.startswith("ssg.toml:")
    assert fault in line
