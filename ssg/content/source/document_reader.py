"""Reads the facts of a document from a parsed source file."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
import zoneinfo
from collections.abc import Callable, Mapping
from typing import Any

from ssg.config.cache_options import read_cache_options
from ssg.config.table import Table, describe
from ssg.content.source.cascade import Cascades, CascadeTable, MergedFrontMatter
from ssg.content.source.collection_fields import WRITE_DATE, CollectionFields
from ssg.content.source.document import Diagnostics, SectionOptions, SourceDocument
from ssg.content.source.front_matter import ParsedSource
from ssg.content.source.front_matter_keys import (
    KNOWN_KEYS,
    SECTION_KEYS,
    TAXONOMY_KEYS,
    canonical_values,
    spelling,
)
from ssg.content.source.json_values import to_json
from ssg.content.source.menu_entries import read_menus
from ssg.model.cache_options import CACHE_OPTION_KEYS, CacheOptions
from ssg.model.errors import Location, Problem, did_you_mean
from ssg.model.file_name import file_stem, split_date
from ssg.model.language import SourceName, SourceNames
from ssg.model.page import DeferOverride
from ssg.model.pagination import PAGER_FOLDER
from ssg.model.settings import CollectionSettings, SiteSettings
from ssg.model.urls import INDEX_FILE, path_problem
from ssg.render.markdown.summary import SUMMARY_MARKERS

SORT_ORDERS = ("date", "title", "weight", "slug")
STATUSES = ("published", "draft", "hidden", "skip")
"""The values of Pelican's `status`. All but the first keep a page out of the build."""
_MISSPELLED = 0.8
"""The likeness to a known key from which a key counts as misspelled (`titel`, not `subtitle`)."""

_SUGGESTED_KEYS = KNOWN_KEYS - {"stale"}
"""`state`, `style` and `scale` are as near to `stale`, and are keys of many sites."""
_DEFER_KEYS = ("deferred", *CACHE_OPTION_KEYS)

_MORE = '{"more": true}'
_MORE_FORMS = re.compile("|".join(map(re.escape, SUMMARY_MARKERS)))
_WEB_URL = re.compile(r"https?://[^\s/]+")


class DocumentReader:
    """Reads front matter, with inherited values, by the settings of one site."""

    def __init__(
        self,
        settings: SiteSettings,
        cascades: Cascades | None = None,
        collections: Mapping[str, CollectionSettings] | None = None,
        names: SourceNames | None = None,
    ) -> None:
        self.names = names or SourceNames()
        self._fields = CollectionFields(collections or {}, self._parse)
        self._zone = zoneinfo.ZoneInfo(settings.timezone)
        self._taxonomies = tuple(settings.taxonomies)
        self.cascades = cascades or Cascades()

    def read(self, source: ParsedSource, relative: str, diagnostics: Diagnostics) -> SourceDocument:
        """The document of a source. `relative` is its path below the content folder."""
        return self._read(source, relative, self.names.read(relative), diagnostics)

    def _read(
        self, source: ParsedSource, relative: str, place: SourceName, diagnostics: Diagnostics
    ) -> SourceDocument:
        is_section = place.name.rpartition("/")[2] == "_index.md"
        merged = self.cascades.merge(canonical_values(source.values), relative, place, is_section)
        document = self._document(source, merged, relative, place, diagnostics)
        if not (is_section or document.withheld):
            locate = _locator(source, merged)
            dated = document.date is not None
            faults = self._fields.check(merged.values, place.name, locate, is_dated=dated)
            diagnostics.problems.extend(faults)
        return document

    def check(self, diagnostics: Diagnostics) -> None:
        """Check the values of all cascades, whether or not a page inherits them."""
        for layer in self.cascades:
            name = "page.md" if layer.kind == "page" else "_index.md"
            merged = MergedFrontMatter(layer.values, dict.fromkeys(layer.values, layer))
            self._document(layer.source, merged, name, SourceName("", name), diagnostics)

    def _document(
        self,
        source: ParsedSource,
        merged: MergedFrontMatter,
        relative: str,
        place: SourceName,
        diagnostics: Diagnostics,
    ) -> SourceDocument:
        table = Table(merged.values, diagnostics.problems, _locator(source, merged))
        dated, _ = split_date(file_stem(place.name))
        document = SourceDocument(
            source=relative,
            title=table.text("title"),
            description=table.text("description"),
            date=_iso(self._date(table, "date") or (self._parse(dated) if dated else None)),
            terms=self._terms(table),
            front=_MORE if _has_more(source.text) else "{}",
            language=place.language,
        )
        is_section = place.name.rpartition("/")[2] == "_index.md"
        if is_section or table.unread():  # most files say no more than that
            return self._all(document, table, merged.origins, is_section, diagnostics)
        return document

    def _all(
        self,
        document: SourceDocument,
        table: Table,
        origins: Mapping[str, CascadeTable],
        is_section: bool,
        diagnostics: Diagnostics,
    ) -> SourceDocument:
        """Read all other keys. A key that is unread after that is one of the site's own."""
        document = document._replace(
            slug=_segment(table, "slug"),
            path=_path(table, "path"),
            template=table.text("template"),
            updated=_iso(self._date(table, "updated")),
            publish_date=_iso(self._publish_date(table)),
            expiry_date=_iso(self._date(table, "expiry_date")),
            withheld=_withheld(table),
            weight=table.whole("weight", 0, -(2**31)),
            aliases=_aliases(table),
            menus=read_menus(table),
            defer_override=_defer_override(table, origins),
            section=_section(table) if is_section else None,
            translation_key=table.text("translation_key").removeprefix("@/"),
        )
        front = _front(table) | json.loads(document.front)
        if extra := _extra(table, diagnostics):
            front["extra"] = extra
        return document._replace(front=to_json(front)) if front else document

    def blank(self, folder: str, diagnostics: Diagnostics, language: str = "") -> SourceDocument:
        """The document of a section without `_index.md`: only what it inherits."""
        relative = f"{folder}/_index.md".lstrip("/")
        nothing = ParsedSource(f"content/{folder}", {}, "", 1, "", "")
        found = self._read(nothing, relative, SourceName(language, relative), diagnostics)
        return found._replace(source="")

    # -- dates -------------------------------------------------------------------------------

    def _date(self, table: Table, key: str) -> dt.datetime | None:
        value = table.raw(key)
        if value is None or value == "":
            return None
        moment = self._parse(value)
        if moment is None:
            table.problem(key, f'"{key}" must be a date, not {describe(value)}', WRITE_DATE)
        return moment

    def _publish_date(self, table: Table) -> dt.datetime | None:
        """`publish_date`, or Hugo's `published`, which is a boolean in Jekyll."""
        moment = self._date(table, "publish_date")
        if isinstance(table.raw("published"), bool):
            return moment
        return moment or self._date(table, "published")

    def _parse(self, value: object) -> dt.datetime | None:
        """A date of YAML, TOML or a text. Without an offset, it is in the zone of the site."""
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
        """Terms by taxonomy, from top-level keys and from Zola's table `taxonomies`."""
        if "taxonomies" not in table:
            return {name: _unique(table.texts(name)) for name in self._taxonomies if name in table}
        below = table.table("taxonomies")
        terms = {}
        for name in self._taxonomies:
            if name in table or name in below:
                terms[name] = _unique(table.texts(name) + below.texts(name))
        below.refuse_unread()
        return terms


def _iso(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _locator(
    source: ParsedSource, merged: MergedFrontMatter
) -> Callable[[tuple[str | int, ...]], Location]:
    """A function that locates a canonical key in the file that sets it, as it is spelled there."""

    def find(keys: tuple[str | int, ...]) -> Location:
        layer = merged.origins.get(str(keys[0])) if keys else None
        if layer is None:
            written = (spelling(str(keys[0]), source.values), *keys[1:]) if keys else ()
            return source.locate(written)
        return layer.locate(keys)

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
    return text.removesuffix(INDEX_FILE) if text.endswith("/" + INDEX_FILE) else text


def _aliases(table: Table) -> tuple[str, ...]:
    aliases = table.texts("aliases")
    for alias in aliases:
        if problem := path_problem(alias):
            table.problem("aliases", f'the alias "{alias}" {problem}')
    return tuple(alias for alias in aliases if not path_problem(alias))


def _withheld(table: Table) -> str:
    """Why the author does not publish a page, by the keys of several generators; or ''."""
    status = table.text("status").strip().lower()
    if status and status not in STATUSES:
        hint = did_you_mean(status, STATUSES) or f"One of {', '.join(STATUSES)}"
        table.problem("status", f'unknown status "{status}"', hint)
    if table.boolean("draft", False) or status == "draft":
        return "draft"
    if status in {"hidden", "skip"}:
        return f"status: {status}"
    return "published: false" if table.raw("published") is False else ""


def _defer_override(table: Table, origins: Mapping[str, CascadeTable]) -> DeferOverride | None:
    """`deferred: true|false`, `deferred: {ttl: 60}`, `ttl: 60`, `stale: 60`, `cache_tags: a`."""
    if not any(key in table for key in _DEFER_KEYS):
        return None
    asked, deferred = read_cache_options(table), table.raw("deferred")
    is_deferred: bool | None = True
    inner = CacheOptions()
    if isinstance(deferred, dict):
        below = table.table("deferred")
        inner = read_cache_options(below)
        below.refuse_unread()
    else:
        is_deferred = table.boolean("deferred", False) if deferred is not None else None
    asked = inner.or_else(asked)
    if is_deferred is None and asked == CacheOptions():
        return None
    files = {key: origins[key].source.name for key in _DEFER_KEYS if key in origins}
    for key in CACHE_OPTION_KEYS if inner != CacheOptions() else ():
        if inner.value(key) is not None:
            files.pop(key, None)
    ttl, stale, tags = asked.ttl_seconds, asked.stale_seconds, asked.cache_tags
    return DeferOverride(ttl, stale, tags, is_deferred, files)


def _section(table: Table) -> SectionOptions:
    sort_by = table.text("sort_by", "date")
    if sort_by not in SORT_ORDERS:
        hint = did_you_mean(sort_by, SORT_ORDERS) or f"One of {', '.join(SORT_ORDERS)}"
        table.problem("sort_by", f'a section cannot be sorted by "{sort_by}"', hint)
        sort_by = "date"
    table.raw("cascade")  # `content.source.cascade` reads it
    table.text("page_template")  # read there, too; only its type is checked here
    return SectionOptions(
        sort_by=sort_by,
        paginate_by=table.whole("paginate_by", 0),
        paginate_path=_segment(table, "paginate_path") or PAGER_FOLDER,
        generate_feeds=table.boolean("generate_feeds", False),
        transparent=table.boolean("transparent", False),
        redirect_to=_target(table, "redirect_to"),
    )


def _target(table: Table, key: str) -> str:
    """The target of a redirect: `/path/`, `@/file.md`, or a URL of another site."""
    text = table.text(key).strip()
    if not text or text.startswith(("/", "@/")) or _WEB_URL.match(text):
        return text
    hint = "Write /path/, @/file.md or https://example.org/"
    table.problem(key, f'"{key}" is not a path, a file or a URL: "{text}"', hint)
    return ""


def _has_more(text: str) -> bool:
    """Whether a text marks the end of its summary."""
    return "<" in text and _MORE_FORMS.search(text) is not None


def _unique(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _front(table: Table) -> dict[str, Any]:
    """Front matter for templates that has no column."""
    front: dict[str, Any] = {}
    for key in ("authors", "keywords"):
        if values := table.texts(key):
            front[key] = values
    if summary := table.text("summary"):
        front["summary"] = summary
    if not table.boolean("search", True):
        front["search"] = False
    card = table.raw("card")
    if card is False or (isinstance(card, str) and card):
        front["card"] = card
    elif card not in (None, "", True):
        message = f'"card" must be false or a text, not {describe(card)}'
        table.problem("card", message, "Write the text that stands in place of the title")
    return front


def _extra(table: Table, diagnostics: Diagnostics) -> dict[str, Any]:
    """`extra`, with all unknown keys: these are the site's own.

    A key that looks like a misspelled one gives a warning.
    """
    extra = table.mapping("extra")
    for key in table.unread():
        extra.setdefault(key, table.raw(key))
        if key in SECTION_KEYS:
            message = f'"{key}" has an effect in _index.md only'
            diagnostics.warnings.append(Problem(message, table.where(key)))
        elif key in TAXONOMY_KEYS:
            message = f'"{key}" is not a taxonomy of this site'
            advice = f"Add [taxonomies.{key}] to the configuration"
            diagnostics.warnings.append(Problem(message, table.where(key), advice))
        elif hint := did_you_mean(key, _SUGGESTED_KEYS, _MISSPELLED):
            diagnostics.warnings.append(Problem(f'unknown key "{key}"', table.where(key), hint))
    return {key: value for key, value in extra.items() if _is_json(table, key, value)}


def _is_json(table: Table, key: str, value: object) -> bool:
    """Whether a value of the site's own can be stored as JSON."""
    try:
        to_json({key: value})
    except (ValueError, TypeError, RecursionError) as error:
        message = f'"{key}" has a value that JSON cannot hold: {error}'
        table.problem(key if key in table else "extra", message)
        return False
    return True
