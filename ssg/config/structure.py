"""The keys of the configuration that shape a site: taxonomies, addresses, feeds, archives."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import PurePath
from types import MappingProxyType

from ssg.config.table import Table
from ssg.model.errors import did_you_mean
from ssg.model.permalink import PLACEHOLDERS, expand, placeholders
from ssg.model.settings import (
    MAX_SITEMAP_URLS,
    ArchiveSettings,
    FeedSettings,
    MenuEntry,
    OutputSettings,
    SearchSettings,
    SitemapSettings,
    TaxonomySettings,
)
from ssg.model.urls import canonical_path, path_problem

TERM_ORDERS = ("name", "count")

_FEED = FeedSettings()
_TAXONOMY = TaxonomySettings()


def read_feed(table: Table, default: FeedSettings = _FEED) -> FeedSettings:
    """`[feed]`."""
    settings = FeedSettings(
        enabled=table.boolean("enabled", default.enabled),
        filename=_filename(table, "filename", default.filename),
        rss=table.boolean("rss", default.rss),
        rss_filename=_filename(table, "rss_filename", default.rss_filename),
        limit=table.whole("limit", default.limit, 1),
        full_content=table.boolean("full_content", default.full_content),
    )
    if settings.rss and settings.filename == settings.rss_filename:
        table.problem("rss_filename", f'both feeds would be "{settings.filename}"')
    table.refuse_unread()
    return settings


def _filename(table: Table, key: str, default: str) -> str:
    name = table.text(key, default)
    if PurePath(name).name != name or "." not in name.strip(".") or path_problem(name):
        table.problem(key, f'"{key}" is no name of a file: "{name}"')
    return name


def read_sitemap(table: Table) -> SitemapSettings:
    """`[sitemap]`."""
    settings = SitemapSettings(max_urls=table.whole("max_urls", MAX_SITEMAP_URLS, 1))
    if settings.max_urls > MAX_SITEMAP_URLS:
        table.problem("max_urls", f'"max_urls" must be at most {MAX_SITEMAP_URLS}')
    table.refuse_unread()
    return settings


def read_outputs(table: Table) -> OutputSettings:
    """`[outputs]`."""
    settings = OutputSettings(
        robots=table.boolean("robots", False),
        llms=table.boolean("llms", False),
        markdown=table.boolean("markdown", False),
    )
    table.refuse_unread()
    return settings


def read_archive(table: Table) -> ArchiveSettings:
    """`[archive]`."""
    path = read_folder(table, "path")
    settings = ArchiveSettings(
        path=canonical_path(path + "/") if path else "",
        template=table.text("template", ArchiveSettings().template),
    )
    table.refuse_unread()
    return settings


def read_search(table: Table) -> SearchSettings:
    """`[search]`."""
    settings = SearchSettings(enabled=table.boolean("enabled", SearchSettings().enabled))
    table.refuse_unread()
    return settings


def read_taxonomies(
    table: Table,
    defaults: Mapping[str, TaxonomySettings] = MappingProxyType({}),
    usual: Collection[str] = (),
) -> dict[str, TaxonomySettings]:
    """`[taxonomies]`; those of a language have their defaults from the site's.

    `usual` are those that there are where nothing is said.
    """
    below = table.table("taxonomies", {name: {} for name in usual})
    return {
        name: _taxonomy(below.table(name), defaults.get(name, _TAXONOMY))
        for name in below.keys()  # noqa: SIM118 no dict
    }


def _taxonomy(table: Table, default: TaxonomySettings) -> TaxonomySettings:
    settings = TaxonomySettings(
        paginate_by=table.whole("paginate_by", default.paginate_by),
        paginate_path=read_folder(table, "paginate_path", default.paginate_path)
        or default.paginate_path,
        path=read_folder(table, "path", default.path),
        sort_by=table.choice(
            "sort_by", default.sort_by, TERM_ORDERS, 'terms cannot be sorted by "{}"'
        ),
        feed=table.boolean("feed", default.feed),
        weight=table.whole("weight", default.weight),
    )
    table.refuse_unread()
    return settings


def read_menus(table: Table) -> dict[str, tuple[MenuEntry, ...]]:
    """`[[menus.NAME]]`."""
    return {
        name: tuple(_menu_entry(name, entry) for entry in table.tables(name))
        for name in table.keys()  # noqa: SIM118 no dict
    }


def _menu_entry(menu: str, table: Table) -> MenuEntry:
    entry = MenuEntry(
        menu,
        name=table.text("name"),
        url=table.text("url"),
        page=table.text("page"),
        weight=table.whole("weight", 0, -(2**31)),
        parent=table.text("parent"),
    )
    if bool(entry.url) == bool(entry.page):
        table.problem("url", 'an entry of a menu needs either "url" or "page"')
    elif entry.url and not entry.name:
        table.problem("url", 'an entry of a menu with "url" needs a "name"')
    table.refuse_unread()
    return entry


def read_folder(table: Table, key: str, default: str = "") -> str:
    """A folder of the site without slashes at its ends."""
    text = table.text(key, default).strip("/")
    if problem := path_problem(text):
        table.problem(key, f'"{key}" {problem}: "{text}"')
        return ""
    return text


def read_permalinks(table: Table) -> dict[str, str]:
    """`[permalinks]`: a folder or a glob, and the pattern of its addresses."""
    patterns = {}
    for key in table.keys():  # noqa: SIM118 a Table is no dictionary
        pattern = table.text(key)
        unknown = [name for name in placeholders(pattern) if name not in PLACEHOLDERS]
        for name in unknown:
            hint = did_you_mean(f":{name}", [f":{known}" for known in PLACEHOLDERS])
            table.problem(key, f'unknown placeholder ":{name}"', hint)
        rest = expand(pattern, dict.fromkeys(PLACEHOLDERS, "x"), None) if not unknown else ""
        if problem := path_problem(rest):
            table.problem(key, f'the permalink "{pattern}" {problem}')
        elif not unknown and rest == pattern:
            hint = "Write /:section/:slug/"
            table.problem(key, f'the permalink "{pattern}" gives every page one address', hint)
        patterns[key] = pattern
    return patterns
