"""The keys of languages: `[languages.CODE]`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ssg.config.menus import read_menus
from ssg.config.outputs import read_feed
from ssg.config.permalinks import read_folder
from ssg.config.table import Table
from ssg.config.taxonomies import read_taxonomies
from ssg.model.errors import did_you_mean
from ssg.model.language import DIRECTIONS, direction_of, is_language
from ssg.model.settings import LanguageSettings, MenuEntry, SiteSettings, TaxonomySettings

MenusByName = Mapping[str, tuple[MenuEntry, ...]]

_LAST = 2**31


@dataclass(frozen=True, slots=True)
class LanguageTables:
    """`[languages]`: the languages in their order, and the menus of those that have their own."""

    settings: Mapping[str, LanguageSettings]
    menus: Mapping[str, MenusByName]


def read_languages(table: Table, site: SiteSettings) -> LanguageTables:
    """Read `[languages.CODE]`. The result contains the default language, even without a table."""
    read: dict[str, tuple[LanguageSettings, MenusByName]] = {}
    for code in table.keys():  # noqa: SIM118 a Table is no dictionary
        if not is_language(code):
            table.problem(code, f'"{code}" is not a language code', "Write fr or pt-BR")
        read[code] = _language(table.table(code), code, site)
    if not read:
        return LanguageTables({}, {})
    if site.default_language not in read:
        unsaid = Table({}, [], lambda _: table.where())
        read = {site.default_language: _language(unsaid, site.default_language, site), **read}
    found = {code: settings for code, (settings, _) in read.items()}
    _check_paths(table, found, site.default_language)
    menus = {code: menus for code, (_, menus) in read.items() if menus}
    return LanguageTables(dict(_in_order(found, site.default_language)), menus)


def _language(table: Table, code: str, site: SiteSettings) -> tuple[LanguageSettings, MenusByName]:
    is_default = code == site.default_language
    settings = LanguageSettings(
        name=table.text("name", code),
        title=table.text("title", site.title),
        description=table.text("description", site.description),
        weight=table.whole("weight", 0),
        direction=_direction(table, direction_of(code)),
        path=read_folder(table, "path", "" if is_default else code),
        fallback=table.boolean("fallback", False),
        feed=read_feed(table.table("feed"), site.feed),
        taxonomies=_taxonomies(table, site),
        extra=table.mapping("extra"),
    )
    if settings.fallback and is_default:
        table.problem("fallback", "the default language cannot fall back to another one")
    menus = read_menus(table.table("menus"))
    table.refuse_unread()
    return settings, menus


def _direction(table: Table, default: str) -> str:
    complaint = 'unknown direction "{}"'
    return table.choice("direction", default, DIRECTIONS, complaint)


def _taxonomies(table: Table, site: SiteSettings) -> dict[str, TaxonomySettings]:
    """The taxonomies of the site, with the settings that the language changes."""
    own = read_taxonomies(table, site.taxonomies)
    below = table.table("taxonomies")
    for name in own.keys() - site.taxonomies.keys():
        hint = did_you_mean(name, site.taxonomies) or f"Add [taxonomies.{name}] for all languages"
        below.problem(name, f'"{name}" is not a taxonomy of this site', hint)
    return {**site.taxonomies, **own}


def _check_paths(table: Table, found: Mapping[str, LanguageSettings], default: str) -> None:
    """Check that each language has its own folder, one of them perhaps the root of the site."""
    owners: dict[str, str] = {}
    for code in sorted(found, key=lambda code: code != default):
        path = found[code].path.casefold()
        if path in owners:
            where = f"the folder {found[code].path}/" if path else "the root of the site"
            message = f"{owners[path]} and {code} both use {where}"
            table.table(code).problem("path", message, f'Write path = "{code}"')
        owners[path] = code


def _in_order(
    found: Mapping[str, LanguageSettings], default: str
) -> Iterator[tuple[str, LanguageSettings]]:
    """Sort by weight, then the default language, then as written. The weight becomes the place."""
    ordered = sorted(found, key=lambda code: (found[code].weight or _LAST, code != default))
    for place, code in enumerate(ordered, 1):
        yield code, replace(found[code], weight=place)
