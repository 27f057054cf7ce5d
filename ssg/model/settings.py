"""The configuration as frozen values. `ssg.config` reads and checks them; defaults live here."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ssg.model.cache_options import CacheOptions
from ssg.model.images.settings import ImageSettings
from ssg.model.language import LEFT_TO_RIGHT
from ssg.model.live.data_source import DataSource
from ssg.model.live.route import Route
from ssg.model.pagination import PAGER_FOLDER

MAX_SITEMAP_URLS = 50_000
"""Of one sitemap file (sitemaps.org, "Sitemaps XML format": at most 50,000 URLs and 50 MB)."""


@dataclass(frozen=True, slots=True)
class TaxonomySettings:
    """`[taxonomies.NAME]`. `paginate_by` 0 lists all pages of a term on one page.

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
    """`[outputs]`: further generated pages for programs."""

    robots: bool = False
    llms: bool = False
    markdown: bool = False
    """Each page also as Markdown: `/about/index.md`."""


@dataclass(frozen=True, slots=True)
class ArchiveSettings:
    """`[archive]`: lists of pages by year. `path` '' means no archive."""

    path: str = ""
    template: str = "archive.html"


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """`[search]`: an index of all pages for the browser."""

    enabled: bool = False


@dataclass(frozen=True, slots=True)
class LanguageSettings:
    """`[languages.CODE]`, with the settings that each language has of its own.

    `path` is the folder of its pages; '' is the root of the site.
    """

    name: str = ""
    title: str = ""
    description: str = ""
    weight: int = 0
    """Its number among the languages, from 1."""
    direction: str = LEFT_TO_RIGHT
    path: str = ""
    fallback: bool = False
    """Whether pages without a translation are shown in the default language."""
    feed: FeedSettings = field(default_factory=FeedSettings)
    taxonomies: Mapping[str, TaxonomySettings] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def home_path(self) -> str:
        """`/fr/`, or `/`."""
        return f"/{self.path}/" if self.path else "/"

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> LanguageSettings:
        feed = FeedSettings(**values["feed"])
        return cls(**{**values, "feed": feed, "taxonomies": _taxonomies(values["taxonomies"])})


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The settings that rendering uses. The site database has them, for the build and the builder.

    `in_language` gives those of one language.
    """

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
    search: SearchSettings = field(default_factory=SearchSettings)
    taxonomies: Mapping[str, TaxonomySettings] = field(
        default_factory=lambda: {"tags": TaxonomySettings(), "categories": TaxonomySettings()}
    )
    extra: Mapping[str, Any] = field(default_factory=dict)
    languages: Mapping[str, LanguageSettings] = field(default_factory=dict)
    """By code, in their order; empty for a site in one language."""
    language: str = ""
    """The language of these settings; '' for the default language."""
    env: tuple[str, ...] = ()
    """The environment variables that templates and the URLs of sources see."""
    drafts: bool = False
    """Whether drafts of live pages can be looked at."""
    sources: Mapping[str, DataSource] = field(default_factory=dict)
    """By name."""
    routes: tuple[Route, ...] = ()
    images: ImageSettings | None = None
    """None for a site that leaves its pictures as they are."""

    @property
    def has_known_paths(self) -> bool:
        """Whether a build asks sources for paths of live pages."""
        return any(route.paths for route in self.routes)

    @property
    def language_code(self) -> str:
        return self.language or self.default_language

    @property
    def home_path(self) -> str:
        """The path of the home page in this language."""
        own = self.languages.get(self.language_code)
        return own.home_path if own else "/"

    def in_language(self, language: str) -> SiteSettings:
        """The settings for pages in a language; '' for the default language."""
        own = self.languages.get(language or self.default_language)
        if own is None:
            return self
        return dataclasses.replace(
            self,
            language=language,
            title=own.title,
            description=own.description,
            feed=own.feed,
            taxonomies=own.taxonomies,
            extra=own.extra,
        )

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
        values["search"] = SearchSettings(**values["search"])
        values["taxonomies"] = _taxonomies(values["taxonomies"])
        values["languages"] = {
            code: LanguageSettings.from_values(table)
            for code, table in _by_weight(values["languages"])
        }
        values["env"] = tuple(values["env"])
        values["sources"] = {
            name: DataSource(**table) for name, table in sorted(values["sources"].items())
        }
        values["routes"] = tuple(map(Route.from_values, values["routes"]))
        values["images"] = ImageSettings.from_values(values["images"]) if values["images"] else None
        return cls(**values)


def _by_weight(tables: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return sorted(tables.items(), key=lambda item: int(item[1]["weight"]))


def _taxonomies(tables: Mapping[str, Any]) -> dict[str, TaxonomySettings]:
    return {name: TaxonomySettings(**table) for name, table in tables.items()}


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """An entry of a menu. It leads to `page`, a source file, or to `url`.

    `name` '' means the title of the page. `parent` is the name of the entry above it.
    """

    menu: str
    name: str = ""
    url: str = ""
    page: str = ""
    weight: int = 0
    parent: str = ""


@dataclass(frozen=True, slots=True)
class FieldSettings:
    """`[collections.NAME.fields.KEY]`. `min` and `max` limit numbers, dates, lengths and counts."""

    type: str = "text"
    required: bool = False
    min: Any = None
    max: Any = None
    choices: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class CollectionSettings:
    """`[collections.NAME]`: the fields of a folder's pages. `strict` allows no others."""

    fields: Mapping[str, FieldSettings] = field(default_factory=dict)
    strict: bool = False


@dataclass(frozen=True, slots=True)
class DeferRule(CacheOptions):
    """One of `[[deferred.rules]]`: the pages that it matches, and whether they are deferred."""

    match: str | None = None
    kind: str | None = None
    language: str | None = None
    older_than_days: int | None = None
    keep_newest: int = 0
    popular: int = 0
    deferred: bool = True


@dataclass(frozen=True, slots=True)
class DeferredSettings(CacheOptions):
    """`[deferred]`."""

    rules: tuple[DeferRule, ...] = ()


@dataclass(frozen=True, slots=True)
class AssetSettings:
    """`[assets]`: how copied files are processed. `fingerprint` are globs over their paths."""

    minify_css: bool = False
    minify_js: bool = False
    fingerprint: tuple[str, ...] = ("**/*.css", "**/*.js")


@dataclass(frozen=True, slots=True)
class LinkCheckerSettings:
    """`[link_checker]`: what `ssg check` ignores, and how it requests other sites.

    `ignore` are globs over URLs and paths. `concurrency` is the number of hosts at a time,
    `pause_seconds` the time between two requests to one host.
    """

    ignore: tuple[str, ...] = ()
    concurrency: int = 8
    timeout_seconds: int = 10
    retries: int = 1
    pause_seconds: int = 1


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """`[target]`: where a build is deployed, and the name of the function it emits there.

    `texts` says where the texts of pages are: in the function (`bundle`) or the deploy (`publish`).
    """

    name: str = "static"
    kind: str = "builder"
    """The kind of function, where the host has several."""
    keep_cache: bool = False
    """Whether cached responses stay valid when a new build is deployed."""
    function: str = "ssg-pages"
    image_function: str = "ssg-images"
    """The name of the function that makes variants of pictures, where the host needs one."""
    texts: str = "auto"
    architecture: str = "arm64"
    """The processor of the function, where it is compiled code."""
    python: str = "3.14"
    """The version of Python that runs the function."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole configuration.

    `output_dir` is relative to the root. The publish folder is this folder, or one in it where the
    target puts other files there, too.
    """

    site: SiteSettings = field(default_factory=SiteSettings)
    theme: str = "default"
    plugins: tuple[str, ...] = ()
    assets: AssetSettings = field(default_factory=AssetSettings)
    output_dir: str = "public"
    deferred: DeferredSettings = field(default_factory=DeferredSettings)
    permalinks: Mapping[str, str] = field(default_factory=dict)
    """Folder or glob of sources -> permalink pattern. The first match counts."""
    menus: Mapping[str, tuple[MenuEntry, ...]] = field(default_factory=dict)
    language_menus: Mapping[str, Mapping[str, tuple[MenuEntry, ...]]] = field(default_factory=dict)
    """The menus of languages that have their own, by language."""
    collections: Mapping[str, CollectionSettings] = field(default_factory=dict)
    link_checker: LinkCheckerSettings = field(default_factory=LinkCheckerSettings)
    target: TargetSettings = field(default_factory=TargetSettings)
