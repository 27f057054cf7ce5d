"""Errors of YAML."""

from __future__ import annotations

import pytest
import yaml

from ssg.content.source.full_yaml import YAML_ERRORS, yaml_problem


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
