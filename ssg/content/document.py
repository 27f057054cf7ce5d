"""A source file -> the facts that the site database holds of it."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ssg.config.table import Table, describe
from ssg.content.data import to_json
from ssg.content.front_matter import Source
from ssg.model.errors import Problem, did_you_mean
from ssg.model.page import Wish
from ssg.model.settings import MIN_TTL_SECONDS, SiteSettings
from ssg.model.urls import path_problem
from ssg.render.markdown import MORE_FORMS

ALIASES: Mapping[str, str] = {
    "lastmod": "updated",
    "modified": "updated",
    "publishDate": "publish_date",
    "pubdate": "publish_date",
    "expiryDate": "expiry_date",
    "unpublishdate": "expiry_date",
    "url": "path",
    "permalink": "path",
    "redirect_from": "aliases",
    "author": "authors",
    "layout": "template",
    "params": "extra",
    "tag": "tags",
    "category": "categories",
}
"""Keys that other generators use -> ours."""

SORT_ORDERS = ("date", "title", "weight", "slug")

SECTION_KEYS = frozenset({"sort_by", "paginate_by", "page_template", "generate_feeds", "cascade"})
PAGE_KEYS = frozenset(
    {
        "title", "description", "summary", "slug", "path", "template", "date", "updated",
        "publish_date", "expiry_date", "draft", "status", "weight", "keywords", "authors",
        "aliases", "taxonomies", "tags", "categories", "extra", "deferred", "ttl",
    }
)  # fmt: skip
TAXONOMY_KEYS = frozenset({"tags", "categories"})
KNOWN_KEYS = PAGE_KEYS | SECTION_KEYS

_DATED_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})[-_](.+)")


@dataclass(frozen=True, slots=True)
class SectionFacts:
    """What only `_index.md` may say."""

    sort_by: str = "date"
    paginate_by: int = 0
    page_template: str = ""
    generate_feeds: bool = False
    cascade: Wish = Wish()


@dataclass(frozen=True, slots=True)
class Document:
    """The facts of a source file. `path` and `slug` are '' where the file's place decides."""

    source: str
    title: str = ""
    description: str = ""
    slug: str = ""
    path: str = ""
    template: str = ""
    date: dt.datetime | None = None
    updated: dt.datetime | None = None
    publish_date: dt.datetime | None = None
    expiry_date: dt.datetime | None = None
    draft: bool = False
    weight: int = 0
    word_count: int = 0
    terms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    wish: Wish = Wish()
    section: SectionFacts | None = None
    front: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notes:
    """What reading found fault with."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


class Reader:
    """Reads front matter by one site's settings."""

    def __init__(self, settings: SiteSettings) -> None:
        self._zone = zoneinfo.ZoneInfo(settings.timezone)
        self._taxonomies = tuple(settings.taxonomies)

    def read(self, source: Source, relative: str, notes: Notes) -> Document:
        """The facts of a source. `relative` is its path below the content folder."""
        table = Table(_canonical(source.values), notes.problems, _locator(source))
        *_, folder, name = ("", *relative.split("/"))
        stem = folder if name == "index.md" else name.removesuffix(".md")
        dated = _DATED_NAME.fullmatch(stem)
        front = _front(table, source.text)
        document = Document(
            source=relative,
            title=table.text("title"),
            description=table.text("description"),
            slug=_segment(table, "slug"),
            path=_path(table, "path"),
            template=table.text("template"),
            date=self._date(table, "date") or (self._parse(dated[1]) if dated else None),
            updated=self._date(table, "updated"),
            publish_date=self._date(table, "publish_date"),
            expiry_date=self._date(table, "expiry_date"),
            draft=_draft(table),
            weight=table.whole("weight", 0, -(2**31)),
            word_count=len(source.text.split()),
            terms=self._terms(table),
            aliases=_aliases(table),
            wish=read_wish(table),
            section=_section(table) if name == "_index.md" else None,
            front=front,
        )
        if extra := _extra(table, notes):
            front["extra"] = extra
        return document

    # -- dates -------------------------------------------------------------------------------

    def _date(self, table: Table, key: str) -> dt.datetime | None:
        value = table.raw(key)
        if value is None or value == "":
            return None
        moment = self._parse(value)
        if moment is None:
            table.problem(key, f'"{key}" is no date: {describe(value)}', "Write 2026-01-31")
        return moment

    def _parse(self, value: object) -> dt.datetime | None:
        """A date or time as YAML, TOML or a text has it; without an offset, in the site's zone."""
        if isinstance(value, str):
            try:
                value = dt.datetime.fromisoformat(value.strip())
            except ValueError:
                return None
        if isinstance(value, dt.datetime):
            local = value if value.tzinfo else value.replace(tzinfo=self._zone)
            try:
                return local.astimezone(self._zone)
            except OverflowError:  # the year 1 or 9999, and another zone
                return None
        if isinstance(value, dt.date):
            return dt.datetime.combine(value, dt.time(), self._zone)
        return None

    # -- terms -------------------------------------------------------------------------------

    def _terms(self, table: Table) -> dict[str, list[str]]:
        """Terms by taxonomy, from keys of the page and from Zola's `taxonomies` table."""
        below = table.table("taxonomies")
        terms = {}
        for name in self._taxonomies:
            if name in table or name in below:
                terms[name] = list(dict.fromkeys(table.texts(name) + below.texts(name)))
        below.refuse_unread()
        return terms


def _canonical(values: Mapping[str, Any]) -> Mapping[str, Any]:
    if not ALIASES.keys() & values.keys():
        return values
    return {ALIASES.get(key, key): value for key, value in values.items()}


def _locator(source: Source) -> Any:
    """Finds a key under the name that the author wrote."""

    def find(keys: tuple[str | int, ...]) -> Any:
        if keys and keys[0] not in source.values:
            written = [name for name, ours in ALIASES.items() if ours == keys[0]]
            keys = (next((n for n in written if n in source.values), keys[0]), *keys[1:])
        return source.locate(keys)

    return find


def _segment(table: Table, key: str) -> str:
    text = table.text(key)
    problem = path_problem(text)
    if "/" in text:
        problem = "contains a slash; use path to choose the whole path"
    if problem:
        table.problem(key, f'"{key}" {problem}: "{text}"')
        return ""
    return unicodedata.normalize("NFC", text)


def _path(table: Table, key: str) -> str:
    text = table.text(key)
    if problem := path_problem(text):
        table.problem(key, f'"{key}" {problem}: "{text}"')
        return ""
    return text


def _aliases(table: Table) -> tuple[str, ...]:
    aliases = table.texts("aliases")
    for alias in aliases:
        if problem := path_problem(alias):
            table.problem("aliases", f'the alias "{alias}" {problem}')
    return tuple(alias for alias in aliases if not path_problem(alias))


def _draft(table: Table) -> bool:
    """`draft: true`, or Pelican's `status: draft`."""
    status = table.text("status")
    return table.boolean("draft", False) or status == "draft"


def read_wish(table: Table) -> Wish:
    """`deferred: true|false`, `deferred: {ttl: 60}`, `ttl: 60`."""
    deferred = table.raw("deferred")
    ttl = table.seconds("ttl", MIN_TTL_SECONDS)
    if isinstance(deferred, dict):
        below = table.table("deferred")
        inner = below.seconds("ttl", MIN_TTL_SECONDS)
        below.refuse_unread()
        return Wish(True, inner if inner is not None else ttl)
    return Wish(table.boolean("deferred", False) if deferred is not None else None, ttl)


def _section(table: Table) -> SectionFacts:
    sort_by = table.text("sort_by", "date")
    if sort_by not in SORT_ORDERS:
        hint = did_you_mean(sort_by, SORT_ORDERS) or f"One of {', '.join(SORT_ORDERS)}"
        table.problem("sort_by", f'a section cannot be sorted by "{sort_by}"', hint)
        sort_by = "date"
    below = table.table("cascade")
    cascade = read_wish(below)
    below.refuse_unread()
    return SectionFacts(
        sort_by=sort_by,
        paginate_by=table.whole("paginate_by", 0),
        page_template=table.text("page_template"),
        generate_feeds=table.boolean("generate_feeds", False),
        cascade=cascade,
    )


def _front(table: Table, text: str) -> dict[str, Any]:
    """What templates may read that has no column."""
    front: dict[str, Any] = {}
    for key in ("authors", "keywords"):
        if values := table.texts(key):
            front[key] = values
    if summary := table.text("summary"):
        front["summary"] = summary
    if any(form in text for form in MORE_FORMS):
        front["more"] = True
    return front


def _extra(table: Table, notes: Notes) -> dict[str, Any]:
    """`extra`, joined by the keys that nobody knows: they are the site's own.

    A key that looks like a slip of a known one is warned of.
    """
    extra = table.mapping("extra")
    for key in table.unread():
        extra.setdefault(key, table.raw(key))
        if key in SECTION_KEYS:
            message = f'"{key}" has an effect in _index.md only'
            notes.warnings.append(Problem(message, table.where(key)))
        elif key in TAXONOMY_KEYS:
            message = f'"{key}" is no taxonomy of this site'
            advice = f"Add [taxonomies.{key}] to the configuration"
            notes.warnings.append(Problem(message, table.where(key), advice))
        elif hint := did_you_mean(key, KNOWN_KEYS):
            notes.warnings.append(Problem(f'unknown key "{key}"', table.where(key), hint))
    return {key: value for key, value in extra.items() if _can_be_kept(table, key, value)}


def _can_be_kept(table: Table, key: str, value: object) -> bool:
    """Whether a value of the site's own fits into the site database, which keeps JSON."""
    try:
        to_json({key: value})
    except (ValueError, TypeError, RecursionError) as error:
        message = f'"{key}" holds a value that cannot be kept: {error}'
        table.problem(key if key in table else "extra", message)
        return False
    return True
