"""Reads all keys of the configuration: their types, defaults and valid values."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Collection
from dataclasses import asdict, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ssg.config.cache_options import read_cache_options
from ssg.config.collections import read_collections
from ssg.config.images import read_images
from ssg.config.languages import read_languages
from ssg.config.live.routes import read_routes
from ssg.config.live.sources import read_runtime, read_sources
from ssg.config.menus import read_menus
from ssg.config.outputs import read_archive, read_feed, read_outputs, read_search, read_sitemap
from ssg.config.permalinks import read_permalinks
from ssg.config.plugins import plugin_names
from ssg.config.table import Table
from ssg.config.target_registry import ARCHITECTURES, PYTHONS, TARGETS, TargetEntry, kinds_of
from ssg.config.taxonomies import read_taxonomies
from ssg.config.themes import theme_folder, unknown_theme
from ssg.fingerprint.input_folders import FOLDERS
from ssg.model.cache_options import CACHE_OPTION_KEYS
from ssg.model.errors import did_you_mean
from ssg.model.images.settings import IMAGE_RULE
from ssg.model.page import GENERATED_KINDS, PageKind
from ssg.model.settings import (
    AssetSettings,
    DeferredSettings,
    DeferRule,
    LinkCheckerSettings,
    MarkdownSettings,
    Settings,
    SiteSettings,
    TargetSettings,
)

MINIFIER = "minify"
"""The module of the optional package tdewolff-minify."""

TEXTS = ("auto", "bundle", "publish")
RULE_KINDS = (
    PageKind.PAGE, PageKind.FALLBACK, PageKind.SECTION, *sorted(GENERATED_KINDS), IMAGE_RULE
)  # fmt: skip
SOURCE_FOLDERS = (*FOLDERS, "ssg", ".ssg", ".git")

_DURATION = re.compile(r"(\d+)([dwmy])")
_KEYS_OF_PAGE_RULES = (
    "language", "older_than", "keep_newest", "popular", *CACHE_OPTION_KEYS
)  # fmt: skip
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_FUNCTION_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def read_settings(table: Table, root: Path) -> Settings:
    """Read all settings. Problems are noted in the table."""
    site = _site(table)
    languages = read_languages(table.table("languages"), site)
    site = _live(table, replace(site, languages=languages.settings))
    target = _target(table.table("target"))
    site = replace(site, images=read_images(table, target.name, root))
    settings = Settings(
        site=site,
        theme=_theme(table, root),
        plugins=_plugins(table),
        assets=_assets(table.table("assets")),
        output_dir=_output_dir(table, root, TARGETS[target.name]),
        deferred=_deferred(table.table("deferred"), languages.settings),
        collections=read_collections(table.table("collections")),
        menus=read_menus(table.table("menus")),
        language_menus=languages.menus,
        permalinks=read_permalinks(table.table("permalinks")),
        link_checker=_link_checker(table.table("link_checker")),
        target=target,
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
        search=read_search(table.table("search")),
        taxonomies=read_taxonomies(table, usual=default.taxonomies),
        extra=table.mapping("extra"),
    )


def _live(table: Table, site: SiteSettings) -> SiteSettings:
    """The settings with those of live pages."""
    env, drafts = read_runtime(table.table("runtime"))
    site = replace(site, env=env, drafts=drafts, sources=read_sources(table.table("sources"), env))
    return replace(site, routes=read_routes(table, site))


def _base_url(table: Table, default: str) -> str:
    url = table.text("base_url", default)
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        table.problem(
            "base_url",
            f'"base_url" is not the URL of a site: "{url}"',
            "Write https://example.org/",
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
            hint = did_you_mean(name, known) or "Install it in the environment of ssg"
            table.problem("plugins", f'the plugin "{name}" is not installed', hint)
    return tuple(name for name in names if name in known)


def _assets(table: Table) -> AssetSettings:
    default = AssetSettings()
    settings = AssetSettings(
        minify_css=table.boolean("minify_css", default.minify_css),
        minify_js=table.boolean("minify_js", default.minify_js),
        fingerprint=tuple(table.texts("fingerprint", default.fingerprint)),
    )
    for key in ("minify_css", "minify_js"):
        if getattr(settings, key) and find_spec(MINIFIER) is None:
            hint = 'Run pip install "ssg[minify]"'
            table.problem(key, f'"{key}" needs the package tdewolff-minify', hint)
    table.refuse_unread()
    return settings


def _output_dir(table: Table, root: Path, target: TargetEntry) -> str:
    text, root = table.text("output_dir", target.output_dir), root.resolve()
    output = (root / text).resolve()
    if not text or root.is_relative_to(output):
        table.problem("output_dir", f'"output_dir" contains the site itself: "{text}"')
    for name in SOURCE_FOLDERS:
        if output.is_relative_to((root / name).resolve()):
            hint = f"Try {target.output_dir}"
            table.problem("output_dir", f'"output_dir" is inside {name}/: "{text}"', hint)
    if target.publish_folder and not output.is_relative_to(root):
        message = f'"output_dir" is outside of the site: "{text}"'
        table.problem("output_dir", message, "Build inside it, and copy the folder")
    return text


def _deferred(table: Table, languages: Collection[str]) -> DeferredSettings:
    settings = DeferredSettings(
        **_cache_options(table),
        rules=tuple(_rule(rule, languages) for rule in table.tables("rules")),
    )
    table.refuse_unread()
    return settings


def _rule(table: Table, languages: Collection[str]) -> DeferRule:
    rule = DeferRule(
        match=table.text("match") or None,
        kind=_kind(table),
        language=_language(table, languages),
        older_than_days=_days(table, "older_than"),
        keep_newest=table.whole("keep_newest", 0),
        popular=table.whole("popular", 0),
        **_cache_options(table),
        deferred=table.boolean("deferred", True),
    )
    if rule.match is None and not table.raw("kind") and not table.raw("language"):
        table.problem("match", 'a rule needs "match" (a glob of sources), "kind" or "language"')
    _check_image_rule(table, rule)
    table.refuse_unread()
    return rule


def _check_image_rule(table: Table, rule: DeferRule) -> None:
    """Refuse keys that mean nothing for pictures: their variants never change."""
    if rule.kind != IMAGE_RULE:
        return
    for key in _KEYS_OF_PAGE_RULES:
        if table.raw(key) is not None:
            message = f'"{key}" has no meaning in a rule with kind = "{IMAGE_RULE}"'
            table.problem(key, message, 'Such a rule has "match" and "deferred"')


def _cache_options(table: Table) -> dict[str, Any]:
    return asdict(read_cache_options(table))


def _kind(table: Table) -> str | None:
    return table.choice("kind", "", RULE_KINDS, 'unknown kind "{}"') or None


def _language(table: Table, languages: Collection[str]) -> str | None:
    code = table.text("language")
    if code and code not in languages:
        hint = did_you_mean(code, languages) or f"Add [languages.{code}]"
        table.problem("language", f'"{code}" is not a language of this site', hint)
        return None
    return code or None


def _days(table: Table, key: str) -> int | None:
    hint = "Write a number with d, w, m (30 days) or y (365 days)"
    text = table.form(key, "", _DURATION, "a span of time", hint)
    return int(text[:-1]) * _DAYS[text[-1]] if text else None


def _link_checker(table: Table) -> LinkCheckerSettings:
    default = LinkCheckerSettings()
    settings = LinkCheckerSettings(
        ignore=tuple(table.texts("ignore")),
        concurrency=table.whole("concurrency", default.concurrency, 1),
        timeout_seconds=table.whole("timeout", default.timeout_seconds, 1),
        retries=table.whole("retries", default.retries),
        pause_seconds=table.whole("pause", default.pause_seconds),
    )
    table.refuse_unread()
    return settings


def _target(table: Table) -> TargetSettings:
    default = TargetSettings()
    name = table.choice("name", default.name, TARGETS, 'unknown target "{}"')
    kinds = kinds_of(name)
    settings = TargetSettings(
        name=name,
        kind=table.choice("kind", kinds[0], kinds, 'unknown kind of function "{}"'),
        keep_cache=table.boolean("keep_cache", default.keep_cache),
        function=table.form("function", default.function, _FUNCTION_NAME, "a function name"),
        image_function=table.form(
            "image_function", default.image_function, _FUNCTION_NAME, "a function name"
        ),
        texts=table.choice("texts", default.texts, TEXTS, 'unknown value for "texts": "{}"'),
        architecture=table.choice(
            "architecture", default.architecture, ARCHITECTURES, 'unknown architecture "{}"'
        ),
        python=table.choice("python", default.python, PYTHONS, 'unknown version of Python "{}"'),
    )
    if settings.image_function == settings.function:
        message = f'"function" and "image_function" are both "{settings.function}"'
        table.problem("image_function", message, "Give the function of pictures another name")
    table.refuse_unread()
    return settings
