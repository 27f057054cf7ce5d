"""Reads messages, the translated texts in `i18n/en.toml`, `i18n/pt-BR.toml`.

Tables make dotted keys. A message of the site overrides that of its theme, and both override the
names of months and days in `dates/`, which are from CLDR (https://cldr.unicode.org).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ssg.config.load import Project
from ssg.config.locate import locate, syntax_problem
from ssg.config.nesting import load_toml
from ssg.config.table import describe
from ssg.config.themes import theme_chain
from ssg.content.source.document import Diagnostics
from ssg.content.source.walk import walk
from ssg.model.errors import Location, Problem
from ssg.model.language import NO_LANGUAGE, is_language, without_region
from ssg.model.settings import SiteSettings
from ssg.render.templates.plurals import CATEGORIES, OTHER, categories_of

FOLDER = "i18n"
DATES = Path(__file__).parent / "dates"

_ENGLISH = "en"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Message:
    """A text in one language, by its key: `nav.home`."""

    language: str
    key: str
    text: str


def read_messages(project: Project, diagnostics: Diagnostics) -> list[Message]:
    """Every message that a page of the site may show.

    A language gives a warning if it lacks a message that the site defines in another language.
    """
    site = project.settings.site
    languages = {site.default_language, *site.languages}
    wanted = languages | set(map(without_region, languages))
    own = _folder(project.root / FOLDER, FOLDER, diagnostics.problems)
    found: dict[tuple[str, str], Message] = {}
    for layer in (
        _dates(wanted, diagnostics.problems),
        *_of_themes(project, wanted, diagnostics),
        own,
    ):
        found.update({(message.language, message.key): message for message in layer})
    messages = [found[key] for key in sorted(found)]
    diagnostics.warnings.extend(_gaps(own, messages, site))
    return messages


def _of_themes(
    project: Project, wanted: Set[str], diagnostics: Diagnostics
) -> Iterator[list[Message]]:
    """The messages of themes, the lowest first. English ones also serve missing languages."""
    for theme in reversed(theme_chain(project.root, project.settings.theme)):
        texts = _folder(theme.folder / FOLDER, f"{theme.origin}/{FOLDER}", diagnostics.problems)
        english = (message for message in texts if message.language == _ENGLISH)
        yield [
            *(message for message in texts if message.language in wanted),
            *(replace(message, language=NO_LANGUAGE) for message in english),
        ]


def _dates(wanted: Set[str], problems: list[Problem]) -> list[Message]:
    """The names of months and days that come with ssg, from CLDR."""
    files = ((DATES / f"{language}.toml", language) for language in sorted(wanted))
    return [
        message
        for file, language in files
        if file.is_file()
        for message in _read(file, str(file), language, problems)
    ]


def _folder(folder: Path, name: str, problems: list[Problem]) -> list[Message]:
    messages: list[Message] = []
    for entry in walk(folder, problems, name):
        language, _, suffix = entry.relative.rpartition(".")
        place = f"{name}/{entry.relative}"
        if suffix != "toml" or not is_language(language):
            message = "the file name is not a language"
            problems.append(Problem(message, Location(place), f"Write {FOLDER}/en.toml"))
            continue
        messages += _read(entry.path, place, language, problems)
    return messages


def _read(path: Path, name: str, language: str, problems: list[Problem]) -> Iterator[Message]:
    try:
        text = path.read_text("utf-8-sig")
        values = load_toml(text)
    except UnicodeDecodeError:
        problems.append(Problem("the file is not UTF-8", Location(name)))
        return
    except ValueError as error:
        problems.append(syntax_problem(error, name))
        return
    for keys, value in _flat(values):
        if isinstance(value, str):
            yield Message(language, ".".join(keys), value)
        else:
            message = f'"{".".join(keys)}" must be a text, not {describe(value)}'
            problems.append(Problem(message, locate(text, name, keys)))


def _flat(values: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[Any, Any]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, (*above, key))
        else:
            yield (*above, key), value


def _gaps(
    own: Iterable[Message], messages: Iterable[Message], site: SiteSettings
) -> Iterator[Problem]:
    """A warning for each language that lacks messages. `pt-BR` has those of `pt`, too.

    Of a message that depends on a number, each language needs the plural forms that it has.
    """
    wanted: dict[str, set[str]] = {code: set() for code in site.languages}
    known: dict[str, set[str]] = {}
    for message in own:
        wanted.setdefault(message.language, set()).add(message.key)
    for message in messages:
        known.setdefault(message.language, set()).add(message.key)
    keys = wanted.get(site.default_language) or set().union(*wanted.values())
    for language in sorted(wanted):
        there = known.get(language, set()) | known.get(without_region(language), set())
        if missing := sorted(_forms(keys, language) - there):
            shown = ", ".join(missing[:_SHOWN]) + (", ..." if len(missing) > _SHOWN else "")
            hint = f"The text in {site.default_language} is shown instead"
            yield Problem(f"has no text for {shown}", Location(f"{FOLDER}/{language}.toml"), hint)


def _forms(keys: Set[str], language: str) -> set[str]:
    """The keys that a language needs: for Polish, `posts.one` and `posts.other` add `posts.few`."""
    stems = {key.rpartition(".")[0] for key in keys if key.rpartition(".")[2] in CATEGORIES}
    found = set(keys)
    for stem in stems:
        forms = {f"{stem}.{category}" for category in CATEGORIES}
        if f"{stem}.{OTHER}" in keys and len(forms & keys) > 1:
            found -= forms
            found |= {f"{stem}.{category}" for category in categories_of(language)}
    return found
