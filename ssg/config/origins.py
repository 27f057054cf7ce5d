"""Lists every setting with its value and the place that it comes from, for `ssg config`.

The readers of the configuration run over a table that records them, so the list is complete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ssg.config.load import ConfigLayers, load, read_layers
from ssg.config.locate import KeyPath, locate
from ssg.config.schema import read_settings
from ssg.config.table import KeyLocator, Table
from ssg.config.themes import THEME_FILE, Theme, theme_chain
from ssg.model.errors import ConfigError, Location, Problem, did_you_mean

DEFAULT = "default"

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Setting:
    """A key as it is written, `deferred.rules.1.ttl`; the elements of arrays count from 1."""

    key: str
    value: Any
    origin: str
    """`default`, `ssg.toml:3`, `SSG_TITLE`, `--target`, `themes/default/theme.toml:2`."""


def explain_settings(
    root: Path,
    config: Path | None = None,
    overrides: Mapping[tuple[str, ...], Any] | None = None,
    environment: Mapping[str, str] | None = None,
) -> list[Setting]:
    """All settings of a site, by key. Raises ConfigError as `load` does."""
    root = root.resolve()
    project = load(root, config, overrides, environment)
    layers = read_layers(root, config, overrides, environment)
    seen: dict[KeyPath, Any] = {}
    read_settings(RecordingTable(layers.values, [], layers.locate, seen), root)
    themes = theme_chain(root, project.settings.theme)
    own = _flat((keys, value) for keys, value in seen.items())
    extra = _flat([(("extra",), project.settings.site.extra)])
    settings = {**dict(own), **{keys: value for keys, value in extra if keys != ("extra",)}}
    return [
        Setting(name_of(keys), settings[keys], _origin(keys, layers, themes))
        for keys in sorted(settings, key=name_of)
    ]


def chosen(settings: Sequence[Setting], key: str) -> list[Setting]:
    """A setting, or those of a table. Raises ConfigError for an unknown key."""
    found = [one for one in settings if one.key == key or one.key.startswith(key + ".")]
    if not found:
        hint = did_you_mean(key, (one.key for one in settings))
        raise ConfigError(Problem(f'unknown key "{key}"', None, hint))
    return found


def name_of(keys: KeyPath) -> str:
    """Keys as a dotted name."""
    return ".".join(str(key + 1) if isinstance(key, int) else key for key in keys)


class RecordingTable(Table):
    """A table that records what readers ask for, and what they get."""

    def __init__(
        self,
        values: Mapping[str, Any],
        problems: list[Problem],
        locate: KeyLocator,
        seen: dict[KeyPath, Any],
        path: KeyPath = (),
    ) -> None:
        super().__init__(values, problems, locate, path)
        self._seen = seen

    def raw(self, key: str) -> Any:
        value = super().raw(key)
        self._seen[(*self._path, key)] = value
        return value

    def text(self, key: str, default: str = "") -> str:
        return self._note(key, super().text(key, default))

    def boolean(self, key: str, default: bool) -> bool:
        return self._note(key, super().boolean(key, default))

    def whole(self, key: str, default: int, minimum: int = 0) -> int:
        return self._note(key, super().whole(key, default, minimum))

    def seconds(self, key: str, minimum: int = 0) -> int | None:
        return self._note(key, super().seconds(key, minimum))

    def texts(self, key: str, default: Sequence[str] = ()) -> list[str]:
        return self._note(key, super().texts(key, default))

    def mapping(self, key: str) -> dict[str, Any]:
        return self._note(key, super().mapping(key))

    def _note(self, key: str, value: _Value) -> _Value:
        self._seen[(*self._path, key)] = value
        return value

    def _below(self, values: Mapping[str, Any], *keys: str | int) -> Table:
        self._seen.pop((*self._path, keys[0]), None)
        return RecordingTable(
            values, self._problems, self._locate, self._seen, (*self._path, *keys)
        )


def _flat(settings: Iterator[tuple[KeyPath, Any]] | Sequence[tuple[KeyPath, Any]]) -> Iterator[Any]:
    """Replace tables by their keys, except empty ones."""
    for keys, value in settings:
        if isinstance(value, Mapping) and value:
            yield from _flat([((*keys, str(key)), inner) for key, inner in value.items()])
        else:
            yield keys, value


def _origin(keys: KeyPath, layers: ConfigLayers, themes: Sequence[Theme]) -> str:
    if _has(layers.values, keys):
        return _short(layers.locate(keys))
    for theme in themes if keys[0] == "extra" and len(keys) > 1 else ():
        if _has({"extra": theme.extra}, keys):
            place = f"{theme.origin}/{THEME_FILE}"
            text = (theme.folder / THEME_FILE).read_text("utf-8-sig")
            return _short(locate(text, place, keys))
    return DEFAULT


def _has(values: Any, keys: KeyPath) -> bool:
    for key in keys:
        if isinstance(values, Mapping) and key in values:
            values = values[str(key)]
        elif isinstance(values, Sequence) and isinstance(key, int) and key < len(values):
            values = values[key]
        else:
            return False
    return True


def _short(place: Location) -> str:
    return str(Location(place.path, place.line))
