"""Front matter of other generators, and the front matter that an import writes."""

from __future__ import annotations

import datetime as dt

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ssg.importers.front_matter.dates import is_zone, local, read_date
from ssg.importers.front_matter.fields import FrontMatterFields
from ssg.importers.front_matter.files import page_text
from ssg.importers.imported_site import ImportNotes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-03", "2024-02-03"),
        ("2024/2/3", "2024-02-03"),
        ("2024-02-03 9:30", "2024-02-03T09:30:00"),
        ("2024-02-03 09:30:15 +0100", "2024-02-03T09:30:15+01:00"),
        ("2024-02-03T09:30:15.123Z", "2024-02-03T09:30:15+00:00"),
        ("2024-02-03 09:30 -08:00", "2024-02-03T09:30:00-08:00"),
        ("2024-13-03", None),
        ("soon", None),
        (20240203, None),
    ],
)
def test_a_date_is_read(text: object, expected: str | None) -> None:
    found = read_date(text)
    assert (found.isoformat() if found else None) == expected


@given(st.text(st.sampled_from("0123456789-/: TZ+."), max_size=30))
def test_reading_a_date_never_fails(text: str) -> None:
    found = read_date(text)
    assert found is None or isinstance(found, dt.date)


def test_a_date_in_its_zone() -> None:
    assert local(dt.date(2024, 2, 3), "Europe/Lisbon").isoformat() == "2024-02-03T00:00:00+00:00"
    late = dt.datetime(2024, 2, 3, 23, tzinfo=dt.UTC)
    assert local(late, "Asia/Tokyo").day == 4
    assert local(dt.date(2024, 2, 3), "Nowhere").tzinfo is dt.UTC
    assert not is_zone("Nowhere")
    assert not is_zone("../etc")


def _front(values: dict[str, object]) -> tuple[FrontMatterFields, ImportNotes]:
    notes = ImportNotes()
    return FrontMatterFields(values, "a.md", notes), notes


def test_values_of_any_type_can_be_taken() -> None:
    front, notes = _front(
        {"Title": 5, "tags": "a, b,a", "list": ["x", 1, None, {}], "weight": "7", "draft": "yes"}
    )
    assert front.text("title") == "5"
    assert front.texts("tags") == ["a", "b"]
    assert front.texts("list") == ["x", "1"]
    assert front.whole("weight") == 7
    assert front.flag("draft") is True
    assert front.rest() == {}
    assert notes.findings == []


def test_values_of_the_wrong_type_are_findings() -> None:
    wrong = {"title": ["a"], "tags": {}, "date": "soon", "weight": "heavy", "Own": 1}
    front, notes = _front(wrong)
    assert (front.text("title"), front.texts("tags")) == ("", [])
    assert (front.date("date"), front.whole("weight")) == (None, None)
    assert [one.what for one in notes.findings] == [
        'left out, "title" is not text',
        'left out, "tags" is not a list',
        'left out, "date" is not a date',
        'left out, "weight" is not a whole number',
    ]
    assert front.rest() == {"Own": 1}


def test_a_page_is_written_as_people_would() -> None:
    values = {
        "extra": {"b": 1, "a": "two\nlines\n"}, "tags": ["x", "1"], "title": "A: b",
        "date": dt.date(2024, 2, 3), "draft": False, "slug": "", "aliases": [],
    }  # fmt: skip
    assert page_text(values, "\n\nText\n\n") == (
        "---\ntitle: 'A: b'\ndate: 2024-02-03\ndraft: false\ntags:\n  - x\n  - '1'\n"
        "extra:\n  b: 1\n  a: |\n    two\n    lines\n---\n\nText\n"
    )
    assert page_text({}, "") == "---\n---\n"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=20)
    | st.dates() | st.times(),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.text(st.sampled_from("abc_"), min_size=1, max_size=4), VALUES, max_size=4)
)
def test_what_is_written_can_be_read(values: dict[str, object]) -> None:
    header = page_text(values, "x").split("\n---\n")[0].removeprefix("---\n")
    found = yaml.safe_load(header) if not header.startswith("---") else None
    assert set(found or {}) == {k for k, v in values.items() if v not in (None, "", [], {})}
