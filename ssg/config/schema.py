"""The keys of the configuration: their types, their defaults, what they may hold."""

from __future__ import annotations

import re
import zoneinfo
from pathlib import Path, PurePath
from urllib.parse import urlsplit

from ssg.config.table import Table
from ssg.config.themes import theme_folder, theme_names
from ssg.model.errors import did_you_mean
from ssg.model.page import GENERATED_KINDS, Kind
from ssg.model.settings import (
    MIN_TTL_SECONDS,
    DeferredSettings,
    DeferRule,
    FeedSettings,
    MarkdownSettings,
    Settings,
    SiteSettings,
    TargetSettings,
    TaxonomySettings,
)
from ssg.model.urls import path_problem

TARGETS = ("netlify", "static")
RULE_KINDS = (Kind.PAGE, Kind.SECTION, *sorted(GENERATED_KINDS))
SOURCE_FOLDERS = ("content", "templates", "static", "data", "themes", "ssg", ".ssg", ".git")

_DURATION = re.compile(r"(\d+)([dwmy])")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_FUNCTION_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def read_settings(table: Table, root: Path) -> Settings:
    """All settings; problems are noted in the table."""
    settings = Settings(
        site=_site(table),
        theme=_theme(table, root),
        output_dir=_output_dir(table, root),
        deferred=_deferred(table.table("deferred")),
        target=_target(table.table("target")),
    )
    table.refuse_unread()
    return settings


def _site(table: Table) -> SiteSettings:
    default = SiteSettings()
    return SiteSettings(
        base_url=_base_url(table, default.base_url),
        title=table.text("title", default.title),
        description=table.text("description"),
        author=table.text("author"),
        default_language=table.text("default_language", default.default_language),
        timezone=_timezone(table, default.timezone),
        markdown=_markdown(table.table("markdown")),
        feed=_feed(table.table("feed")),
        taxonomies=_taxonomies(table) if "taxonomies" in table else default.taxonomies,
        extra=table.mapping("extra"),
    )


def _base_url(table: Table, default: str) -> str:
    url = table.text("base_url", default)
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        table.problem(
            "base_url", f'"base_url" is no URL of a site: "{url}"', "https://example.org/"
        )
        return default
    return url.rstrip("/") + "/"


def _timezone(table: Table, default: str) -> str:
    name = table.text("timezone", default)
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        hint = did_you_mean(name, zoneinfo.available_timezones())
        table.problem("timezone", f'unknown time zone "{name}"', hint)
        return default
    return name


def _markdown(table: Table) -> MarkdownSettings:
    default = MarkdownSettings()
    settings = MarkdownSettings(
        highlight=table.boolean("highlight", default.highlight),
        toc_depth=table.whole("toc_depth", default.toc_depth, 1),
    )
    table.refuse_unread()
    return settings


def _feed(table: Table) -> FeedSettings:
    default = FeedSettings()
    settings = FeedSettings(
        enabled=table.boolean("enabled", default.enabled),
        filename=table.text("filename", default.filename),
        limit=table.whole("limit", default.limit, 1),
        full_content=table.boolean("full_content", default.full_content),
    )
    name = settings.filename
    if PurePath(name).name != name or "." not in name.strip(".") or path_problem(name):
        table.problem("filename", f'"filename" is no name of a file: "{name}"')
    table.refuse_unread()
    return settings


def _taxonomies(table: Table) -> dict[str, TaxonomySettings]:
    taxonomies = {}
    below = table.table("taxonomies")
    for name in below.keys():  # noqa: SIM118 a Table is no dictionary
        one = below.table(name)
        taxonomies[name] = TaxonomySettings(paginate_by=one.whole("paginate_by", 0))
        one.refuse_unread()
    return taxonomies


def _theme(table: Table, root: Path) -> str:
    name = table.text("theme", Settings().theme)
    if name and theme_folder(root, name) is None:
        known = theme_names(root)
        hint = did_you_mean(name, known) or f"There are: {', '.join(known)}"
        table.problem("theme", f'there is no theme "{name}"', hint)
    return name


def _output_dir(table: Table, root: Path) -> str:
    text = table.text("output_dir", Settings().output_dir)
    output = (root / text).resolve()
    if not text or root.is_relative_to(output):
        table.problem("output_dir", f'"output_dir" would replace the site itself: "{text}"')
    for name in SOURCE_FOLDERS:
        if output.is_relative_to((root / name).resolve()):
            table.problem("output_dir", f'"output_dir" lies inside {name}/: "{text}"', "Try public")
    return text


def _deferred(table: Table) -> DeferredSettings:
    settings = DeferredSettings(
        ttl_seconds=table.seconds("ttl", MIN_TTL_SECONDS),
        rules=tuple(_rule(rule) for rule in table.tables("rules")),
    )
    table.refuse_unread()
    return settings


def _rule(table: Table) -> DeferRule:
    rule = DeferRule(
        match=table.text("match") or None,
        kind=_kind(table),
        older_than_days=_days(table, "older_than"),
        keep_newest=table.whole("keep_newest", 0),
        ttl_seconds=table.seconds("ttl", MIN_TTL_SECONDS),
        deferred=table.boolean("deferred", True),
    )
    if rule.match is None and not table.raw("kind"):
        table.problem("match", 'a rule needs "match" (a glob of sources) or "kind"')
    table.refuse_unread()
    return rule


def _kind(table: Table) -> str | None:
    kind = table.text("kind")
    if kind and kind not in RULE_KINDS:
        hint = did_you_mean(kind, RULE_KINDS) or f"One of {', '.join(RULE_KINDS)}"
        table.problem("kind", f'a rule cannot name the kind "{kind}"', hint)
        return None
    return kind or None


def _days(table: Table, key: str) -> int | None:
    text = table.text(key)
    if not text:
        return None
    match = _DURATION.fullmatch(text)
    if not match:
        hint = "A number with d, w, m (30 days) or y (365 days)"
        table.problem(key, f'"{key}" is no span of time: "{text}"', hint)
        return None
    return int(match[1]) * _DAYS[match[2]]


def _target(table: Table) -> TargetSettings:
    default = TargetSettings()
    settings = TargetSettings(
        name=table.text("name", default.name), function=table.text("function", default.function)
    )
    if settings.name not in TARGETS:
        hint = did_you_mean(settings.name, TARGETS) or f"One of {', '.join(TARGETS)}"
        table.problem("name", f'unknown target "{settings.name}"', hint)
    if not _FUNCTION_NAME.fullmatch(settings.function):
        table.problem("function", f'"{settings.function}" is no name of a function')
    table.refuse_unread()
    return settings
