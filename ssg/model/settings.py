"""The configuration as frozen values. `ssg.config` reads and checks them; defaults live here."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MIN_TTL_SECONDS = 60
"""Smallest `ttl` of a builder's response (Netlify docs, On-demand Builders, "Time to live")."""


@dataclass(frozen=True, slots=True)
class TaxonomySettings:
    """`[taxonomies.NAME]`. `paginate_by` 0: every page of a term on one page."""

    paginate_by: int = 0


@dataclass(frozen=True, slots=True)
class MarkdownSettings:
    """`[markdown]`."""

    highlight: bool = True
    toc_depth: int = 3


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """`[feed]`: Atom feeds. `limit` counts entries."""

    enabled: bool = True
    filename: str = "feed.xml"
    limit: int = 20
    full_content: bool = False


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
        values["taxonomies"] = {
            name: TaxonomySettings(**table) for name, table in values["taxonomies"].items()
        }
        return cls(**values)


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
class TargetSettings:
    """`[target]`: where a build is deployed, and the name of the function it emits there."""

    name: str = "static"
    function: str = "ssg-pages"


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole configuration. `output_dir` is relative to the root."""

    site: SiteSettings = field(default_factory=SiteSettings)
    theme: str = "default"
    output_dir: str = "public"
    deferred: DeferredSettings = field(default_factory=DeferredSettings)
    target: TargetSettings = field(default_factory=TargetSettings)
