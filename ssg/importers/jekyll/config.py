"""Reads Jekyll's configuration, and converts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ssg.importers.imported_site import ImportNotes, Topic
from ssg.importers.site_data.settings import OldConfig, language_tag, paging, site_url, time_zone
from ssg.importers.site_data.toml_yaml_json import read_table
from ssg.importers.source_tree import SourceTree
from ssg.model.errors import OldSiteError, Problem

_NAMES = ("_config.yml", "_config.yaml", "_config.toml")
_READ = frozenset(
    {
        "title", "name", "description", "url", "baseurl", "lang", "locale", "timezone", "author",
        "permalink", "collections", "collections_dir", "defaults", "paginate", "paginate_path",
        "plugins", "gems", "exclude", "include", "markdown", "kramdown", "feed", "source",
        "destination", "excerpt_separator", "theme", "remote_theme", "data_dir", "pagination",
        "includes_dir", "layouts_dir", "copyright",
    }
)  # fmt: skip
_IGNORED = frozenset(
    {
        "safe", "encoding", "keep_files", "highlighter", "sass", "future", "unpublished",
        "limit_posts",
        "show_drafts", "strict_front_matter", "incremental", "detach", "port", "host", "livereload",
        "show_dir_listing", "profile", "quiet", "verbose", "liquid", "lsi", "whitelist",
        "plugins_dir",
        "cache_dir", "disable_disk_cache", "markdown_ext", "compress_html", "version",
        "environment",
        "ignore_theme_config", "webrick", "jekyll-archives", "sitemap", "relative_permalinks",
    }
)  # fmt: skip
_COVERED_PLUGINS = frozenset(
    {"jekyll-feed", "jekyll-sitemap", "jekyll-redirect-from", "jekyll-seo-tag", "jekyll-paginate",
     "jekyll-paginate-v2", "jekyll-relative-links", "jekyll-optional-front-matter",
     "jekyll-readme-index", "jekyll-titles-from-headings", "jekyll-default-layout", "jekyll-toc"}
)  # fmt: skip
"""Plugins whose features ssg has itself."""
EXCLUDED = ("Gemfile*", "node_modules", "vendor", "*.gemspec", "Rakefile", "package*.json")


@dataclass(frozen=True, slots=True)
class JekyllConfig(OldConfig):
    """Jekyll's configuration. `root` is the folder of the sources: empty, or with a final slash."""

    root: str = ""

    @property
    def collections(self) -> dict[str, dict[str, Any]]:
        """The settings of collections by name. `posts` always exists."""
        value = self.values.get("collections")
        if isinstance(value, list):
            value = {str(name): {} for name in value}
        found = {str(n): dict(t) if isinstance(t, dict) else {}
                 for n, t in (value if isinstance(value, dict) else {}).items()}  # fmt: skip
        return {"posts": {}, **found}

    @property
    def folder(self) -> str:
        """The folder of the collections."""
        return self.root + (self.text("collections_dir").strip("/") + "/").lstrip("/")

    def defaults(self, path: str, kind: str) -> dict[str, Any]:
        """Front matter that the configuration gives to a file; later entries win."""
        found: dict[str, Any] = {}
        entries = self.values.get("defaults")
        for entry in entries if isinstance(entries, list) else []:
            scope = entry.get("scope") if isinstance(entry, dict) else None
            values = entry.get("values") if isinstance(entry, dict) else None
            if isinstance(scope, dict) and isinstance(values, dict) and _applies(scope, path, kind):
                found |= values
        return found

    def excludes(self, path: str) -> bool:
        """Whether Jekyll ignores a file."""
        if any(_matches(path, glob) for glob in self.listed("include")):
            return False
        return any(_matches(path, glob) for glob in (*EXCLUDED, *self.listed("exclude")))


def _applies(scope: Mapping[str, Any], path: str, kind: str) -> bool:
    wanted = str(scope.get("path") or "").strip("/")
    if scope.get("type") not in {None, kind}:
        return False
    if "*" in wanted:
        return fnmatchcase(path, wanted) or fnmatchcase(path, wanted + "/*")
    return not wanted or path == wanted or path.startswith(wanted + "/")


def _matches(path: str, glob: str) -> bool:
    bare = glob.strip("/")
    return (
        path == bare
        or path.startswith(bare + "/")
        or any(fnmatchcase(part, bare) for part in (path, path.partition("/")[0]))
    )


def read_config(tree: SourceTree) -> JekyllConfig:
    """Raises OldSiteError if the folder is not a site of Jekyll."""
    origin = next((name for name in _NAMES if name in tree), "")
    if not origin and not any(name.startswith(("_posts/", "_layouts/")) for name in tree.files):
        hint = "There is neither _config.yml nor _posts/"
        raise OldSiteError(Problem(f"{tree.root.name}/ is not a site of Jekyll", None, hint))
    values = read_table(tree, origin) if origin else {}
    source = str(values.get("source") or "").strip("/.")
    return JekyllConfig(values, origin, f"{source}/" if source else "")


def ssg_settings(config: JekyllConfig, notes: ImportNotes) -> dict[str, Any]:
    """Our settings, without addresses. Unknown keys go to `extra`, where templates find them."""
    _add_plugin_findings(config, notes)
    url = config.text("url").rstrip("/")
    base = config.text("baseurl").strip("/")
    kramdown = config.table("kramdown")
    markdown: dict[str, Any] = {"smart_punctuation": True, "auto_summary": True}
    if kramdown.get("math_engine"):
        markdown["math"] = True
    pager = paging(config.values.get("paginate"))
    destination = config.text("destination").strip("./")
    return {
        "title": config.text("title", "name"),
        "base_url": site_url(f"{url}/{base}"),
        "description": " ".join(config.text("description").split()),
        "author": _author(config),
        "default_language": language_tag(config.text("lang", "locale")),
        "timezone": time_zone(config.text("timezone"), notes, config.origin),
        "output_dir": destination if destination not in {"", "_site"} else "",
        "markdown": markdown,
        "feed": _feed(config),
        "taxonomies": {"tags": pager, "categories": pager},
        "extra": {
            key: value for key, value in config.values.items() if key not in _READ | _IGNORED
        },
    }  # fmt: skip


def _feed(config: JekyllConfig) -> dict[str, Any]:
    path = config.table("feed").get("path")
    return {"filename": str(path).strip("/")} if path and "/" not in str(path).strip("/") else {}


def _author(config: JekyllConfig) -> str:
    value = config.values.get("author")
    if isinstance(value, dict):
        value = value.get("name")
    return value if isinstance(value, str) else ""


def _add_plugin_findings(config: JekyllConfig, notes: ImportNotes) -> None:
    for name in (*config.listed("plugins"), *config.listed("gems")):
        if name not in _COVERED_PLUGINS:
            notes.not_imported(Topic.PLUGIN, f"the plugin {name}", config.origin)
    for key in ("theme", "remote_theme"):
        if name := config.text(key):
            notes.not_imported(Topic.TEMPLATE, f"the theme {name}", config.origin)
    if config.text("markdown") not in {"", "kramdown", "GFM", "CommonMark", "CommonMarkGhPages"}:
        notes.add(
            Topic.SETTING,
            f"markdown: {config.text('markdown')} is not a Markdown engine that the import knows",
            config.origin,
        )
