"""Data files."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Built


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("a.json", '{"b": [1, null]}', {"b": [1, None]}),
        ("a.toml", "b = 2024-01-31\nc = 07:30:00", {"b": "2024-01-31", "c": "07:30:00"}),
        ("a.yaml", "b: 2024-01-31\nc: !!set {x, y}", {"b": "2024-01-31", "c": ["x", "y"]}),
        ("a.yml", "- 1", [1]),
        ("a.yaml", "", None),
        ("a.csv", "n,m\r\n1,2\r\n", [{"n": "1", "m": "2"}]),
        ("a.csv", b"\xef\xbb\xbfn\nx\n", [{"n": "x"}]),
        ("a.json", b"\xef\xbb\xbf[1]", [1]),
    ],
)
def test_a_data_file_is_its_value(
    site: Callable[..., Built], name: str, text: str, value: object
) -> None:
    db = site({f"data/{name}": text}).site
    assert db.data_names() == ["a"]
    assert db.data("a") == value


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.json", '{"b": 1,\nc}', "data/a.json:2:1: JSON: Expecting property name"),
        ("a.json", "", "data/a.json:1:1: JSON: Expecting value"),
        ("a.json", '"\\ud800"', "data/a.json: a value that JSON cannot hold: "),
        ("a.toml", "a = 1\nb = \n", "data/a.toml:2:5: TOML: Invalid value"),
        ("a.yaml", "a: 1\nb: c: d", "data/a.yaml:2:5: YAML: mapping values are not allowed"),
        ("a.yaml", "a: !!bool x", "data/a.yaml:1:4: YAML: this value cannot be read"),
        ("a.yaml", "a: !!binary aGk=", "data/a.yaml: a value that JSON cannot hold: type bytes"),
        ("a.yaml", "2024-01-01: x", "data/a.yaml: a value that JSON cannot hold: keys must be str"),
        ("a.yaml", "&a [*a]", "data/a.yaml:1:5: YAML: the alias *a is a part of what it"),
        ("a.csv", "n\n" + "x" * 200_000, "data/a.csv: cannot read the file: field larger than"),
        ("a.csv", b"n\n\xff\n", "data/a.csv: the file is not UTF-8"),
        ("a.json", "[" * 100_000, "data/a.json:1:101: JSON: tables and arrays are nested"),
    ],
)
def test_a_broken_data_file_is_told_with_its_place(
    problems: Callable[..., list[str]], name: str, text: str, problem: str
) -> None:
    (line,) = problems({f"data/{name}": text})
    assert line.startswith(problem)


def test_two_files_of_one_name_are_a_problem(problems: Callable[..., list[str]]) -> None:
    assert problems({"data/a.json": "1", "data/a.toml": ""}) == [
        "data/a.toml: data/a.json has the same name"
    ]


def test_other_files_are_passed_over(site: Callable[..., Built]) -> None:
    assert site({"data/readme.txt": "x", "data/sub/a.json": "1"}).site.data_names() == ["sub/a"]
