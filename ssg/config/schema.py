"""The keys of the configuration: their types, their defaults, what they may hold."""

from __future__ import annotations

import re
import zoneinfo
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from ssg.config.collections import read_collections
from ssg.config.plugins import plugin_names
from ssg.config.structure import (
    read_archive,
    read_feed,
    read_menus,
    read_outputs,
    read_permalinks,
    read_sitemap,
    read_taxonomies,
)
from ssg.config.table import Table
from ssg.config.themes import theme_folder, unknown_theme
from ssg.model.errors import did_you_mean
from ssg.model.page import GENERATED_KINDS, Kind
from ssg.model.settings import (
    MIN_TTL_SECONDS,
    AssetSettings,
    DeferredSettings,
    DeferRule,
    MarkdownSettings,
    Settings,
    SiteSettings,
    TargetSettings,
)

MINIFIER = "minify"
"""The module of the package tdewolff-minify, which not every site needs."""

TARGETS = ("netlify", "static")
RULE_KINDS = (Kind.PAGE, Kind.SECTION, *sorted(GENERATED_KINDS))
SOURCE_FOLDERS = (
    *("content", "templates", "static", "data", "i18n", "themes", "hooks"),
    *("ssg", ".ssg", ".git"),
)

_DURATION = re.compile(r"(\d+)([dwmy])")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_FUNCTION_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def read_settings(table: Table, root: Path) -> Settings:
    """All settings; problems are noted in the table."""
    settings = Settings(
        site=_site(table),
        theme=_theme(table, root),
        plugins=_plugins(table),
        assets=_assets(table.table("assets")),
        output_dir=_output_dir(table, root),
        deferred=_deferred(table.table("deferred")),
        collections=read_collections(table.table("collections")),
        menus=read_menus(table.table("menus")),
        permalinks=read_permalinks(table.table("permalinks")),
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
        feed=read_feed(table.table("feed")),
        sitemap=read_sitemap(table.table("sitemap")),
        outputs=read_outputs(table.table("outputs")),
        archive=read_archive(table.table("archive")),
        taxonomies=read_taxonomies(table) if "taxonomies" in table else default.taxonomies,
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
        line_numbers=table.boolean("line_numbers", default.line_numbers),
        toc_depth=table.whole("toc_depth", default.toc_depth, 1),
        raw_html=table.boolean("raw_html", default.raw_html),
        smart_punctuation=table.boolean("smart_punctuation", default.smart_punctuation),
        math=table.boolean("math", default.math),
        auto_summary=table.boolean("auto_summary", default.auto_summary),
        check_anchors=table.boolean("check_anchors", default.check_anchors),
        external_links_class=table.text("external_links_class", default.external_links_class),
        external_links_rel=table.text("external_links_rel", default.external_links_rel),
        external_links_target=table.text("external_links_target", default.external_links_target),
    )
    table.refuse_unread()
    return settings


def _theme(table: Table, root: Path) -> str:
    name = table.text("theme", Settings().theme)
    if name and theme_folder(root, name) is None:
        table.problem("theme", *unknown_theme(root, name))
    return name


def _plugins(table: Table) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(table.texts("plugins")))
    known = plugin_names() if names else ()
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known) or "Install it where ssg is installed"
            table.problem("plugins", f'there is no plugin "{name}"', hint)
    return tuple(name for name in names if name in known)


def _assets(table: Table) -> AssetSettings:
    default = AssetSettings()
    globs = tuple(table.texts("fingerprint"))
    settings = AssetSettings(
        minify_css=table.boolean("minify_css", default.minify_css),
        minify_js=table.boolean("minify_js", default.minify_js),
        fingerprint=globs if "fingerprint" in table else default.fingerprint,
    )
    for key in ("minify_css", "minify_js"):
        if getattr(settings, key) and find_spec(MINIFIER) is None:
            hint = 'Run pip install "ssg[minify]"'
            table.problem(key, f'"{key}" needs the package tdewolff-minify', hint)
    table.refuse_unread()
    return settings


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
