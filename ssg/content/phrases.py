"""Translated texts: `i18n/en.toml`, `i18n/pt-BR.toml`. Tables make dotted keys."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ssg.config.locate import locate, syntax_problem
from ssg.config.table import describe
from ssg.content.document import Notes
from ssg.content.tree import walk
from ssg.model.errors import Location, Problem

FOLDER = "i18n"

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")  # RFC 5646 allows no other letters
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text in a language, by its key: `nav.home`."""

    language: str
    key: str
    text: str


def read_phrases(root: Path, default_language: str, notes: Notes) -> list[Phrase]:
    """Every text. A language that lacks some of what another has is warned of."""
    phrases: list[Phrase] = []
    for entry in walk(root / FOLDER, notes.problems, FOLDER):
        language, _, suffix = entry.relative.rpartition(".")
        name = f"{FOLDER}/{entry.relative}"
        if suffix != "toml" or not _LANGUAGE.fullmatch(language):
            message = "the file's name is no language"
            notes.problems.append(Problem(message, Location(name), f"Write {FOLDER}/en.toml"))
            continue
        phrases += _read(entry.path, name, language, notes.problems)
    notes.warnings.extend(_gaps(phrases, default_language))
    return phrases


def _read(path: Path, name: str, language: str, problems: list[Problem]) -> Iterator[Phrase]:
    try:
        text = path.read_text("utf-8-sig")
        values = tomllib.loads(text)
    except UnicodeDecodeError:
        problems.append(Problem("the file is not UTF-8", Location(name)))
        return
    except (ValueError, RecursionError) as error:
        problems.append(syntax_problem(error, name))
        return
    for keys, value in _flat(values):
        if isinstance(value, str):
            yield Phrase(language, ".".join(keys), value)
        else:
            message = f'"{".".join(keys)}" must be a text, not {describe(value)}'
            problems.append(Problem(message, locate(text, name, keys)))


def _flat(values: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[Any, Any]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, (*above, key))
        else:
            yield (*above, key), value


def _gaps(phrases: list[Phrase], default_language: str) -> Iterator[Problem]:
    """Texts that a language lacks. A regional one, `pt-BR`, has those of its own, `pt`."""
    keys: dict[str, set[str]] = {}
    for phrase in phrases:
        keys.setdefault(phrase.language, set()).add(phrase.key)
    wanted = keys.get(default_language) or set().union(*keys.values())
    for language in sorted(keys):
        own = keys[language] | keys.get(language.partition("-")[0], set())
        if missing := sorted(wanted - own):
            shown = ", ".join(missing[:_SHOWN]) + (", ..." if len(missing) > _SHOWN else "")
            hint = f"There the text in {default_language} is shown"
            yield Problem(f"has no text for {shown}", Location(f"{FOLDER}/{language}.toml"), hint)
