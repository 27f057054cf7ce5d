"""The configuration as frozen values. `ssg.config` reads and checks them; defaults live here."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ssg.model.pagination import PAGER_FOLDER

MAX_SITEMAP_URLS = 50_000
"""Of one sitemap file (sitemaps.org, "Sitemaps XML format": at most 50,000 URLs and 50 MB)."""

MIN_TTL_SECONDS = 60
"""Smallest `ttl` of a builder's response (Netlify docs, On-demand Builders, "Time to live")."""


@dataclass(frozen=True, slots=True)
class TaxonomySettings:
    """`[taxonomies.NAME]`. `paginate_by` 0: every page of a term on one page.

    `path` is the folder of its pages; '' means its name. `weight` counts for related pages.
    """

    paginate_by: int = 0
    paginate_path: str = PAGER_FOLDER
    path: str = ""
    sort_by: str = "name"
    feed: bool = False
    weight: int = 1


@dataclass(frozen=True, slots=True)
class MarkdownSettings:
    """`[markdown]`."""

    highlight: bool = True
    line_numbers: bool = False
    toc_depth: int = 3
    raw_html: bool = True
    smart_punctuation: bool = False
    math: bool = False
    auto_summary: bool = False
    check_anchors: bool = True
    external_links_class: str = ""
    external_links_rel: str = ""
    external_links_target: str = ""


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """`[feed]`: Atom feeds, and RSS beside them. `limit` counts entries."""

    enabled: bool = True
    filename: str = "feed.xml"
    rss: bool = False
    rss_filename: str = "rss.xml"
    limit: int = 20
    full_content: bool = False


@dataclass(frozen=True, slots=True)
class SitemapSettings:
    """`[sitemap]`. A site with more URLs has an index of several sitemaps."""

    max_urls: int = MAX_SITEMAP_URLS


@dataclass(frozen=True, slots=True)
class OutputSettings:
    """`[outputs]`: what else is published for machines."""

    robots: bool = False
    llms: bool = False
    markdown: bool = False
    """Each page as Markdown, too: `/about/index.md`."""


@dataclass(frozen=True, slots=True)
class ArchiveSettings:
    """`[archive]`: lists of pages by year. `path` '': none."""

    path: str = ""
    template: str = "archive.html"


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """What rendering may see. It travels in the site database, so both sides read the same."""

    base_url: str = "http://localhost:8000/"
    title: str = "My site"
    description: str = ""
    author: str = ""
    default_language: str = "en"
    timezone: str = "UTC"
    markdown: MarkdownSettings = field(default_factory=MarkdownSettings)
    feed: FeedSettings = field(default_factory=FeedSettings)
    sitemap: SitemapSettings = field(default_factory=SitemapSettings)
    outputs: OutputSettings = field(default_factory=OutputSettings)
    archive: ArchiveSettings = field(default_factory=ArchiveSettings)
    taxonomies: Mapping[str, TaxonomySettings] = field(
        default_factory=lambda: {"tags": TaxonomySettings(), "categories": TaxonomySettings()}
    )
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> SiteSettings:
        values = json.loads(text)
        values["markdown"] = MarkdownSettings(**values["markdown"])
        values["feed"] = FeedSettings(**values["feed"])
        values["sitemap"] = SitemapSettings(**values["sitemap"])
        values["outputs"] = OutputSettings(**values["outputs"])
        values["archive"] = ArchiveSettings(**values["archive"])
        values["taxonomies"] = {
            name: TaxonomySettings(**table) for name, table in values["taxonomies"].items()
        }
        return cls(**values)


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """An entry of a menu. It leads to `page`, a source file, or to `url`.

    `name` '' means the title of the page, `parent` names the entry that it stands below.
    """

    menu: str
    name: str = ""
    url: str = ""
    page: str = ""
    weight: int = 0
    parent: str = ""


@dataclass(frozen=True, slots=True)
class FieldSettings:
    """`[collections.NAME.fields.KEY]`. Bounds are of a number, a date, a length or a count."""

    type: str = "text"
    required: bool = False
    min: Any = None
    max: Any = None
    choices: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class CollectionSettings:
    """`[collections.NAME]`: what the pages of a folder must say. `strict`: and nothing else."""

    fields: Mapping[str, FieldSettings] = field(default_factory=dict)
    strict: bool = False


@dataclass(frozen=True, slots=True)
class DeferRule:
    """One `[[deferred.rules]]`: which pages it means, and what becomes of them."""

    match: str | None = None
    kind: str | None = None
    older_than_days: int | None = None
    keep_newest: int = 0
    ttl_seconds: int | None = None
    deferred: bool = True


@dataclass(frozen=True, slots=True)
class DeferredSettings:
    """`[deferred]`."""

    ttl_seconds: int | None = None
    rules: tuple[DeferRule, ...] = ()


@dataclass(frozen=True, slots=True)
class AssetSettings:
    """`[assets]`: what becomes of copied files. `fingerprint` are globs over their paths."""

    minify_css: bool = False
    minify_js: bool = False
    fingerprint: tuple[str, ...] = ("**/*.css", "**/*.js")


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """`[target]`: where a build is deployed, and the name of the function it emits there."""

    name: str = "static"
    function: str = "ssg-pages"


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole configuration. `output_dir` is relative to the root."""

    site: SiteSettings = field(default_factory=SiteSettings)
    theme: str = "default"
    plugins: tuple[str, ...] = ()
    assets: AssetSettings = field(default_factory=AssetSettings)
    output_dir: str = "public"
    deferred: DeferredSettings = field(default_factory=DeferredSettings)
    permalinks: Mapping[str, str] = field(default_factory=dict)
    """Folder or glob of sources -> pattern of their addresses. The first that fits counts."""
    menus: Mapping[str, tuple[MenuEntry, ...]] = field(default_factory=dict)
    collections: Mapping[str, CollectionSettings] = field(default_factory=dict)
    target: TargetSettings = field(default_factory=TargetSettings)
