"""Plain YAML means what PyYAML says, or is left to it."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ssg.content.source.fast_yaml import read_plain
from ssg.content.source.front_matter import parse
from ssg.content.source.full_yaml import YAML_ERRORS
from tests.examples import examples


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("title: \"A: b # 'c'\"\n", {"title": "A: b # 'c'"}),
        ("title: 'A \"b\"'", {"title": 'A "b"'}),
        ("title:   It's a C#-like x:y  \n", {"title": "It's a C#-like x:y"}),
        ("a: yes\nb: Off\nc: null\nd:\ne: trueish", {"a": True, "b": False, "c": None, "d": None,
                                                     "e": "trueish"}),
        ("weight: 10\nn: -3\nz: 0\n", {"weight": 10, "n": -3, "z": 0}),
        ("tags:\n  - a b\n  - \"c\"\n  - 7\n\nx: y\n", {"tags": ["a b", "c", 7], "x": "y"}),
        ("tags:\n- a\n# more\n- b\n", {"tags": ["a", "b"]}),
        ("tags: [a, \"b, c\", yes, d e]\nnone: []", {"tags": ["a", "b, c", True, "d e"],
                                                    "none": []}),
        ("a: x\na: y\n", {"a": "y"}),
        ("", {}),
        ("\n# only this\n", {}),
    ],
)  # fmt: skip
def test_what_most_front_matter_holds_is_plain(header: str, values: dict[str, object]) -> None:
    assert read_plain(header) == values == (yaml.safe_load(header) or {})


@pytest.mark.parametrize(
    "value",
    [
        "2024-01-31", "2024-01-31 08:30:00", "2024-01-31T08:30:00Z", "2024-01-31T08:30:00+00:00",
        "2024-01-31 23:59:59-05:30",
    ],
)  # fmt: skip
def test_a_date_is_the_date_that_pyyaml_reads(value: str) -> None:
    found, expected = read_plain(f"date: {value}"), yaml.safe_load(f"date: {value}")
    assert found == expected
    assert repr(found) == repr(expected)


@pytest.mark.parametrize(
    "header",
    [
        "a: b: c", "a: b\n  c", "a: b\n- c", "a: |\n  b", "a: {b: c}", "a: &x b", "a: *x",
        "a: !x b", 'a: "b\\n"', "a: 'b''c'", 'a: "b', "a: b #c", "a:b", "a : b", "yes: a",
        "a: 1.5", "a: 010", "a: 1_000", "a: 0x1f", "a: 1:30", "a: ~", "a:\tb", "a: [b",
        "a: [b: c]", "a: [1]", "a: b\x85c", "a: \u2028", "a: 2024-13-45",
        "a: 2024-01-31 24:00:00", "a:\n  - b\n - c", "a:\n  - b: c", "a:\n  b: c",
        "---\na: b", "a: b\n...\n", "- a", "a: @b", "a: %b", "? a\n: b", "a: b\x00",
        "a: 99999999999999999999", "a: [,]", "a: [b,, c]",
    ],
)  # fmt: skip
def test_anything_else_is_left_to_pyyaml(header: str) -> None:
    assert read_plain(header) is None


_SIGNS = st.text(st.sampled_from("ab: -#'\"[],{}&*!|>%@`~?=<.\n\t\\_0169TZyesno\u00e9\u2028\ufeff"))
_VALUES = st.one_of(
    _SIGNS,
    st.text(max_size=12),
    st.sampled_from(
        ["yes", "No", "null", "~", "2024-01-31", "2024-01-31T08:30:00Z", "12", "1e3", "0o7", "C#"]
    ),
    st.text(max_size=8).map(lambda text: f'"{text}"'),
    st.text(max_size=8).map(lambda text: f"'{text}'"),
    st.lists(_SIGNS, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
    st.lists(_SIGNS, max_size=3).map(lambda items: "".join(f"\n  - {item}" for item in items)),
    st.lists(_SIGNS, max_size=3).map(lambda items: "".join(f"\n- {item}" for item in items)),
)
_HEADERS = st.lists(
    st.tuples(st.sampled_from(["title", "Date", "a-b", "on", "x_1"]), _VALUES).map(": ".join)
    | _SIGNS,
    max_size=4,
).map("\n".join)


@settings(max_examples=examples(500), deadline=None)
@given(_HEADERS | _SIGNS)
@example("a: b\n \n- c")
@example("a:\n\n\n- b\n\n- c")
def test_plain_yaml_is_never_read_otherwise(header: str) -> None:
    values = read_plain(header)
    if values is not None:
        try:
            expected = yaml.load(header, yaml.CSafeLoader) or {}
        except YAML_ERRORS as error:
            raise AssertionError(f"PyYAML refuses it: {error}") from error
        assert values == expected
        assert repr(values) == repr(expected)
        assert list(values) == list(expected)


def test_front_matter_is_read_so() -> None:
    assert parse(b"---\ntitle: Plain\n---\n", "a.md").values == {"title": "Plain"}
    assert parse(b"---\ntitle: >\n  Folded\n---\n", "a.md").values == {"title": "Folded\n"}
