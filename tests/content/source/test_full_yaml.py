"""Errors of YAML."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml

from ssg.content.source.full_yaml import YAML_ERRORS, read_file, read_header, yaml_problem
from tests.growth import LINEAR, Work, growth


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: 2024-02-30", "f.yaml:2:4: YAML: this value cannot be read: day is out of range"),
        ("a: 1\n\tb: 2", "f.yaml:2:1: YAML: found character"),
        ("a: &x 1\nb: *y", "f.yaml:2:4: YAML: found undefined alias"),
        ("- 1\n- !!bool maybe", "f.yaml:2:3: YAML: this value cannot be read"),
    ],
)
def test_an_error_has_a_place_and_a_reason(text: str, line: str) -> None:
    with pytest.raises(YAML_ERRORS) as caught:
        yaml.safe_load(text)
    assert str(yaml_problem(caught.value, text, "f.yaml")).startswith(line)


def test_lines_above_are_counted() -> None:
    problem = yaml_problem(ValueError("no"), "a: 2024-13-01", "f", lines_above=4)
    assert str(problem) == "f:5:4: YAML: this value cannot be read: no"


def lists_of_lists(depth: int) -> str:
    """Each line repeats the one before it nine times."""
    lines = [f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9)}]" for n in range(1, depth)]
    return "\n".join(["k0: &k0 [lol]", *lines])


def merged_tables(depth: int) -> str:
    """Each table merges the one before it twice."""
    lines = [f"k{n}: &k{n} {{<<: [*k{n - 1}, *k{n - 1}], x{n}: 1}}" for n in range(1, depth)]
    return "\n".join(["k0: &k0 {y: 1}", *lines])


@pytest.mark.parametrize("read", [read_header, read_file])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (lists_of_lists(8), "f.yaml:6:40: YAML: aliases repeat more than 100,000 values"),
        (merged_tables(26), "f.yaml:14:23: YAML: aliases repeat more than 100,000 values"),
        ("a: 1\nb: &b [*b]", "f.yaml:2:8: YAML: the alias *b is a part of what it stands for"),
        ("&a {b: {*a : 1}}", "f.yaml:1:9: YAML: the alias *a is a part of what it stands for"),
    ],
)
def test_what_aliases_repeat_is_bounded(
    read: Callable[[str], object], text: str, expected: str
) -> None:
    with pytest.raises(YAML_ERRORS) as caught:
        read(text)
    assert str(yaml_problem(caught.value, text, "f.yaml")) == expected


@pytest.mark.parametrize("read", [read_header, read_file])
def test_aliases_are_read(read: Callable[[str], object]) -> None:
    assert read("a: &a {x: 1}\nb: [*a, {<<: *a, y: 2}]") == {
        "a": {"x": 1},
        "b": [{"x": 1}, {"x": 1, "y": 2}],
    }
    rows = "\n".join(f"- {{<<: *a, n: {n}}}" for n in range(2000))
    assert read(f"- &a {{x: 1, y: 2}}\n{rows}")[2000] == {"x": 1, "y": 2, "n": 1999}  # type: ignore[index]


@pytest.mark.parametrize("text_of_depth", [lists_of_lists, merged_tables])
def test_time_grows_with_the_length_of_the_text(text_of_depth: Callable[[int], str]) -> None:
    def work(size: int) -> Work:
        def read() -> None:
            with pytest.raises(YAML_ERRORS):
                read_header(text_of_depth(size))

        return read

    assert growth(work, 40) < LINEAR
