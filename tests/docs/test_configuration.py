"""The reference of the configuration names every key, with its default."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from ssg.config.json_schema import DESCRIPTIONS
from ssg.config.load import ENVIRONMENT
from ssg.config.schema import read_settings
from ssg.config.table import Table
from ssg.config.themes import read_theme
from ssg.model.errors import Location
from ssg.model.images.card import CardSettings
from ssg.model.images.settings import DEFAULT_QUALITY, ImageSettings
from ssg.model.settings import DeferRule, LanguageSettings, Settings
from tests.docs.reference import DOCS, page_text, section_of

_asked: set[str] = set()


class _Recorder(Table):
    """Notes every key that a reader asks for."""

    def raw(self, key: str) -> Any:
        parts = (part for part in (*self._path, key) if not isinstance(part, int))
        _asked.add(".".join(map(str, parts)))
        return super().raw(key)

    def _below(self, values: Any, *keys: str | int) -> Table:
        return _Recorder(values, self._problems, self._locate, (*self._path, *keys))


LIVE = {"sources", "placeholders", "routes"}
"""Their keys are documented as those of the JSON Schema are."""


def _configuration_keys() -> list[str]:
    values = {"deferred": {"rules": [{"kind": "page"}]}, "taxonomies": {"NAME": {}}}
    read_settings(_Recorder(values, [], lambda _: Location("")), Path("/nowhere"))
    tables = {key.rpartition(".")[0] for key in _asked}
    return sorted(_asked - tables - {"taxonomies", "languages", "deferred.rules"} - LIVE)


@pytest.mark.parametrize("key", [field.name for field in dataclasses.fields(LanguageSettings)])
def test_a_key_of_a_language_is_documented(key: str) -> None:
    """Its default is the site's, or hangs on its code: that is told in words."""
    assert re.search(rf"^\| `languages\.CODE\.{key}`", page_text("configuration.md"), re.M)
    part = section_of(page_text("languages.md"), "Settings of a language")
    assert any(f"`{key}`" in row for row in re.findall(r"^\| (.+?) \|", part, re.M))


def _default_of(key: str) -> object:
    names = {
        "ttl": "ttl_seconds", "stale": "stale_seconds", "older_than": "older_than_days",
        "timeout": "timeout_seconds", "pause": "pause_seconds",
    }  # fmt: skip
    words = {"images.svg": "copy", "images.broken": "error", "images.service": "auto"}
    if key in words:
        return words[key]
    if key.startswith("images."):
        *_, table, last = key.split(".")
        cards, others = CardSettings(), {**dataclasses.asdict(ImageSettings()), **DEFAULT_QUALITY}
        return getattr(cards, last) if table == "cards" else others[last]
    if key.startswith("runtime."):
        return getattr(Settings().site, key.removeprefix("runtime."))
    *path, last = (names.get(part, part) for part in key.split("."))
    if path == ["deferred", "rules"]:
        return getattr(DeferRule(), last)
    if path == ["taxonomies", "NAME"]:
        return getattr(next(iter(Settings().site.taxonomies.values())), last)
    value: Any = Settings() if hasattr(Settings(), [*path, last][0]) else Settings().site
    for part in (*path, last):
        value = getattr(value, part)
    return value


def _written(default: object) -> str:
    default = ", ".join(map(str, default)) if isinstance(default, tuple) else default
    if default is None or default in ("", {}):
        return r"none|empty|any|`page`"  # a rule's kind is `page` where none is named
    return re.escape(f"`{str(default).lower() if isinstance(default, bool) else default}`")


def test_the_recorder_sees_the_keys() -> None:
    assert {
        "title",
        "feed.limit",
        "deferred.rules.older_than",
        "taxonomies.NAME.paginate_by",
    } <= set(_configuration_keys())
    fields = {
        field.name
        for field in dataclasses.fields(Settings().site)
        if not dataclasses.is_dataclass(getattr(Settings().site, field.name))
    }
    tables = {"taxonomies", "languages", "language", "env", "drafts", "sources", "routes", "images"}
    assert fields - tables <= set(_configuration_keys())


@pytest.mark.parametrize("key", _configuration_keys())
def test_a_configuration_key_is_documented_with_its_default(key: str) -> None:
    row = re.search(
        rf"^\| `{re.escape(key)}`[^|]*\| ([^|]+) \|", page_text("configuration.md"), re.M
    )
    assert row, f"{key} has no row"
    assert re.fullmatch(_written(_default_of(key)), row[1]), f"{key}: {row[1]}"


def _meanings() -> dict[str, str]:
    """What the reference says of each key, without its links. `*` for a name of the user's own."""
    text = page_text("configuration.md").partition("\n## Environment variables\n")[0]
    rows = re.findall(r"^\| `([\w.]+)`[^|]*\| [^|]+ \| (.+) \|$", text, re.M)
    return {
        re.sub(r"\b[A-Z]+\b", "*", key): re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", meaning)
        for key, meaning in rows
    }


def test_editors_are_told_what_the_reference_says() -> None:
    schema = tomllib.loads(DESCRIPTIONS.read_text("utf-8"))
    written = _meanings()
    assert len(written) > 80
    assert {key: schema.get(key) for key in written} == written


@pytest.mark.parametrize(("name", "key"), [(n, ".".join(k)) for n, k in ENVIRONMENT.items()])
def test_a_variable_is_documented_with_its_key(name: str, key: str) -> None:
    assert f"| `{name}` | `{key}` |" in page_text("configuration.md")


def test_a_key_of_a_themes_file_is_documented() -> None:
    _asked.clear()
    read_theme(_Recorder({}, [], lambda _: Location("")), DOCS, DOCS, ("x",))
    rows = re.findall(r"^\| `(\w+)` \|", section_of(page_text("themes.md"), "theme.toml"), re.M)
    assert set(rows) == _asked != set()
