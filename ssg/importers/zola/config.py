"""Reads Zola's configuration, and converts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ssg.importers.imported_site import ImportNotes, Topic
from ssg.importers.site_data.settings import OldConfig, site_url
from ssg.importers.site_data.toml_yaml_json import read_table
from ssg.importers.source_tree import SourceTree
from ssg.model.errors import OldSiteError, Problem

_NAMES = ("config.toml", "zola.toml")
_READ = frozenset(
    {
        "base_url", "title", "description", "default_language", "author", "output_dir", "extra",
        "taxonomies", "markdown", "generate_feed", "generate_feeds", "feed_filename",
        "feed_filenames", "feed_limit", "languages", "translations", "theme", "compile_sass",
        "ignored_content", "generate_robots_txt", "search", "build_search_index", "link_checker",
        "slugify",
    }
)  # fmt: skip
_IGNORED = frozenset(
    {"minify_html", "hard_link_static", "ignored_static", "mode", "preserve_dotfiles_in_output",
     "generate_sitemap", "exclude_paginated_pages_in_sitemap"}
)  # fmt: skip
_IGNORED_MARKDOWN = frozenset(
    {"highlight_code", "highlight_theme", "highlighting", "extra_syntaxes_and_themes",
     "highlight_themes_css", "external_links_target_blank", "external_links_no_follow",
     "external_links_no_referrer", "external_links_class", "smart_punctuation",
     "definition_list", "github_alerts", "insert_anchor_links", "lazy_async_image"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ZolaConfig(OldConfig):
    """Zola's configuration."""

    @property
    def default_language(self) -> str:
        return self.text("default_language") or "en"

    @property
    def language_folders(self) -> dict[str, str]:
        """The folder in addresses of each language, the default first; empty with one language."""
        others = [code for code in self.table("languages") if code != self.default_language]
        return {self.default_language: "", **{code: code for code in others}} if others else {}

    @property
    def taxonomies(self) -> dict[str, dict[str, Any]]:
        rows = self.values.get("taxonomies")
        rows = rows if isinstance(rows, list) else []
        return {str(row["name"]): row for row in rows if isinstance(row, dict) and "name" in row}

    @property
    def feeds(self) -> list[str]:
        """The names of the feeds' files."""
        if not (self.values.get("generate_feeds") or self.values.get("generate_feed")):
            return []
        names = self.values.get("feed_filenames") or self.values.get("feed_filename")
        return (
            [str(name) for name in names] if isinstance(names, list) else [str(names or "atom.xml")]
        )


def read_config(tree: SourceTree) -> ZolaConfig:
    """Raises OldSiteError if the folder is not a site of Zola."""
    origin = next((name for name in _NAMES if name in tree), "")
    if not origin:
        hint = "There is no config.toml"
        raise OldSiteError(Problem(f"{tree.root.name}/ is not a site of Zola", None, hint))
    return ZolaConfig(read_table(tree, origin), origin)


def ssg_settings(config: ZolaConfig, notes: ImportNotes) -> dict[str, Any]:
    """Our settings."""
    _add_findings(config, notes)
    robots = config.values.get("generate_robots_txt", True) is True
    return {
        "title": config.text("title"),
        "base_url": site_url(config.text("base_url")),
        "description": config.text("description"),
        "author": config.text("author"),
        "default_language": config.default_language,
        "output_dir": config.text("output_dir") if config.text("output_dir") != "public" else "",
        "markdown": _markdown(config),
        "feed": _feed(config),
        "outputs": {"robots": True} if robots else {},
        "search": {"enabled": True} if config.values.get("build_search_index") is True else {},
        "taxonomies": {name: _taxonomy(row) for name, row in config.taxonomies.items()},
        "extra": config.table("extra"),
        "languages": {code: _language(config, code) for code in config.language_folders},
    }


def _markdown(config: ZolaConfig) -> dict[str, Any]:
    table = config.table("markdown")
    rel = [
        word
        for key, word in (
            ("external_links_target_blank", "noopener"),
            ("external_links_no_follow", "nofollow"),
            ("external_links_no_referrer", "noreferrer"),
        )
        if table.get(key) is True
    ]
    return {
        **({"smart_punctuation": True} if table.get("smart_punctuation") is True else {}),
        **({"external_links_rel": " ".join(rel)} if rel else {}),
        **({"external_links_target": "_blank"} if "noopener" in rel else {}),
        **({"external_links_class": str(table["external_links_class"])}
           if table.get("external_links_class") else {}),
    }  # fmt: skip


def _feed(config: ZolaConfig) -> dict[str, Any]:
    """The file names stay: a name with `rss` is RSS, any other one is Atom."""
    names = config.feeds
    if not names:
        return {"enabled": False}
    rss = next((name for name in names if "rss" in name), "")
    atom = next((name for name in names if name != rss), "")
    limit = config.values.get("feed_limit")
    return {
        **({"filename": atom} if atom else {}),
        **({"rss": True, "rss_filename": rss} if rss else {}),
        **({"limit": limit} if isinstance(limit, int) and limit > 0 else {}),
    }


def _taxonomy(row: Mapping[str, Any]) -> dict[str, Any]:
    size, path = row.get("paginate_by"), row.get("paginate_path")
    return {
        **({"paginate_by": size} if isinstance(size, int) and size else {}),
        **({"paginate_path": str(path)} if path else {}),
        **({"feed": True} if row.get("feed") is True else {}),
    }


def _language(config: ZolaConfig, code: str) -> dict[str, Any]:
    value = config.table("languages").get(code)
    table = value if isinstance(value, dict) else {}
    name = _messages(config, code).get("lang_name") or code
    return {
        "name": str(name),
        **{key: str(table[key]) for key in ("title", "description") if table.get(key)},
    }


def _messages(config: ZolaConfig, code: str) -> dict[str, Any]:
    if code == config.default_language:
        return config.table("translations")
    table = config.table("languages").get(code)
    found = table.get("translations") if isinstance(table, dict) else None
    return dict(found) if isinstance(found, dict) else {}


def messages(config: ZolaConfig) -> dict[str, dict[str, Any]]:
    """Translated texts by language."""
    codes = config.language_folders or {config.default_language: ""}
    return {code: found for code in codes if (found := _messages(config, code))}


def _add_findings(config: ZolaConfig, notes: ImportNotes) -> None:
    notes.unknown_settings(config.values, _READ | _IGNORED, config.origin)
    for key, value in config.table("markdown").items():
        if key not in _IGNORED_MARKDOWN and value:
            notes.not_imported(Topic.MARKUP, f"markdown.{key}", config.origin)
    if config.text("theme"):
        theme = f"the theme {config.text('theme')}"
        notes.not_imported(Topic.TEMPLATE, theme, config.origin)
    for row in config.taxonomies.values():
        if row.get("lang"):
            what = f"the taxonomy {row['name']} has terms in all languages now"
            notes.add(Topic.LANGUAGE, what, config.origin)
