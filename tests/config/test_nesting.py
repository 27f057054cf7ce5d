"""Texts that are nested too deep."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable

import pytest

from ssg.config.nesting import MAX_DEPTH, load_json, load_toml
from tests.growth import LINEAR, growth

MESSAGE = "tables and arrays are nested more than 100 deep"


def arrays(depth: int) -> str:
    return "[" * depth + "]" * depth


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 300, 1000, 100_000])
def test_deep_values_are_an_error_with_a_place(depth: int) -> None:
    with pytest.raises(json.JSONDecodeError) as not_json:
        load_json(f'{{"[": "{{",\n "a": {arrays(depth)}}}')
    assert (not_json.value.msg, not_json.value.lineno) == (MESSAGE, 2)
    with pytest.raises(tomllib.TOMLDecodeError) as not_toml:
        load_toml(f"'[' = \"[\"\na = {arrays(depth)}")
    assert str(not_toml.value) == f"{MESSAGE} (at line 2, column {5 + MAX_DEPTH})"


@pytest.mark.parametrize("key", ["{} = 1", "[{}]", "[[{}]]", "x = {{{} = 1}}"])
@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 300, 20_000])
def test_deep_keys_are_an_error_with_a_place(key: str, depth: int) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        load_toml("b = 1\n" + key.format(".".join("a" * depth)))
    assert str(caught.value) == f"{MESSAGE} (at line 2, column 1)"


def test_values_below_the_limit_are_read() -> None:
    assert load_toml(f"a = {arrays(MAX_DEPTH - 1)}")["a"]
    assert load_json(arrays(MAX_DEPTH))
    assert load_toml("a = [" + "[1], " * 500 + "]\n" + "x.y.z = 1")["x"] == {"y": {"z": 1}}


@pytest.mark.parametrize(("load", "start"), [(load_json, ""), (load_toml, "a = ")])
def test_time_grows_with_the_length_of_the_text(load: Callable[[str], object], start: str) -> None:
    def read(text: str) -> None:
        with pytest.raises(ValueError, match=MESSAGE):
            load(text)

    assert (
        growth(lambda size: lambda: read(f"{start}[{'[[1]],' * size}{arrays(150)}]"), 4000) < LINEAR
    )


def test_each_file_of_a_site_is_told_with_its_place(problems: Callable[..., list[str]]) -> None:
    deep = arrays(1000)
    dotted = ".".join("a" * 1000)
    found = problems(
        {
            "content/_index.md": f"+++\n[extra]\na = {deep}\n+++\n",
            "data/one.json": f"\n{deep}",
            "data/two.toml": f"{dotted} = 1\n",
            "i18n/en.toml": f"{dotted} = 'x'\n",
            "templates/page.html": "",
        }
    )
    places = [
        "content/_index.md:3:105",
        "data/one.json:2:101",
        "data/two.toml:1:1",
        "i18n/en.toml:1:1",
    ]
    for place, line in zip(places, sorted(line for line in found if "nested" in line), strict=True):
        assert line.startswith(f"{place}: ")
