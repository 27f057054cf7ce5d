"""The keys of what is made beside pages: feeds, the sitemap, archives, the search index."""

from __future__ import annotations

from pathlib import PurePath

from ssg.config.permalinks import read_folder
from ssg.config.table import Table
from ssg.model.settings import (
    MAX_SITEMAP_URLS,
    ArchiveSettings,
    FeedSettings,
    OutputSettings,
    SearchSettings,
    SitemapSettings,
)
from ssg.model.urls import canonical_path, path_problem

_FEED = FeedSettings()


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
        table.problem("rss_filename", f'both feeds have the file name "{settings.filename}"')
    table.refuse_unread()
    return settings


def _filename(table: Table, key: str, default: str) -> str:
    name = table.text(key, default)
    if PurePath(name).name != name or "." not in name.strip(".") or path_problem(name):
        table.problem(key, f'"{key}" is not a file name: "{name}"')
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
