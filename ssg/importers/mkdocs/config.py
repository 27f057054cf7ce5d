"""Reads MkDocs' configuration, and converts it."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from ssg.importers.imported_site import ImportNotes, Topic
from ssg.importers.site_data.settings import OldConfig, language_tag, site_url
from ssg.importers.site_data.toml_yaml_json import read_table
from ssg.importers.source_tree import SourceTree
from ssg.model.errors import OldSiteError, Problem

_NAMES = ("mkdocs.yml", "mkdocs.yaml")
_READ = frozenset(
    {
        "site_name", "site_url", "site_description", "site_author", "docs_dir", "site_dir", "nav",
        "theme", "use_directory_urls", "markdown_extensions", "plugins", "extra", "extra_css",
        "extra_javascript", "copyright", "repo_url", "repo_name", "edit_uri", "exclude_docs",
        "draft_docs", "not_in_nav", "INHERIT", "hooks", "edit_uri_template",
    }
)  # fmt: skip
_IGNORED = frozenset(
    {"strict", "dev_addr", "watch", "validation", "remote_branch", "remote_name", "extra_templates",
     "config_file_path"}
)  # fmt: skip
_COVERED_PLUGINS = frozenset(
    {"search", "redirects", "literate-nav", "i18n", "minify", "tags", "meta"}
)
_KNOWN_EXTENSIONS = frozenset(
    {
        "toc", "tables", "admonition", "attr_list", "def_list", "footnotes", "abbr", "md_in_html",
        "fenced_code", "codehilite", "meta", "extra", "sane_lists", "smarty", "nl2br", "callouts",
        "pymdownx.highlight", "pymdownx.superfences", "pymdownx.details", "pymdownx.tabbed",
        "pymdownx.snippets", "pymdownx.inlinehilite", "pymdownx.tilde", "pymdownx.caret",
        "pymdownx.mark", "pymdownx.keys", "pymdownx.betterem", "pymdownx.magiclink",
        "pymdownx.tasklist", "pymdownx.emoji", "pymdownx.arithmatex", "pymdownx.extra",
        "pymdownx.smartsymbols", "github-callouts", "mdx_truly_sane_lists",
    }
)  # fmt: skip


class _Loader(yaml.SafeLoader):
    """Reads the YAML tags that stand for Python objects without running any code."""


def _environment(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    """`!ENV [NAME, default]`: the default, since no environment variable is read."""
    if isinstance(node, yaml.SequenceNode):
        values = loader.construct_sequence(node, deep=True)
        return values[-1] if len(values) > 1 else None
    return None


def _name(_: yaml.SafeLoader, suffix: str, __: yaml.Node) -> str:
    return suffix


def _relative(_: yaml.SafeLoader, __: yaml.Node) -> None:
    return None


_Loader.add_constructor("!ENV", _environment)
_Loader.add_constructor("!relative", _relative)
_Loader.add_multi_constructor("tag:yaml.org,2002:python/", _name)


@dataclass(frozen=True, slots=True)
class MkDocsConfig(OldConfig):
    """MkDocs' configuration."""

    @property
    def docs(self) -> str:
        """The folder of the pages."""
        return posixpath.normpath(self.text("docs_dir") or "docs")

    @property
    def is_pretty(self) -> bool:
        """Whether addresses end with a slash."""
        return self.values.get("use_directory_urls", True) is not False

    @property
    def languages(self) -> list[_Language]:
        """The languages of the plugin i18n; none if there is only one."""
        found = _languages(self.options("plugins").get("i18n", {}))
        return found if len(found) > 1 else []

    @property
    def language_folders(self) -> dict[str, str]:
        """The folder in addresses of each language, the default first."""
        codes = [one.code for one in self.languages]
        return {code: "" if code == codes[0] else code for code in codes}

    @property
    def has_language_folders(self) -> bool:
        """Whether each language has a folder of its own in the docs."""
        table = self.options("plugins").get("i18n", {})
        return bool(self.languages) and table.get("docs_structure") == "folder"

    def options(self, key: str) -> dict[str, dict[str, Any]]:
        """The options of each plugin or extension."""
        value = self.values.get(key)
        rows = value if isinstance(value, list) else [value]
        found: dict[str, dict[str, Any]] = {}
        for row in rows:
            named = row if isinstance(row, dict) else {row: None} if isinstance(row, str) else {}
            for name, table in named.items():
                found[str(name)] = table if isinstance(table, dict) else {}
        return found


@dataclass(frozen=True, slots=True)
class _Language:
    """A language of the plugin i18n."""

    code: str
    name: str
    is_default: bool


def _languages(table: Mapping[str, Any]) -> list[_Language]:
    """All languages, the default first."""
    rows = table.get("languages")
    if isinstance(rows, dict):  # the older form
        rows = [{"locale": code, **(one if isinstance(one, dict) else {})}
                for code, one in rows.items()]  # fmt: skip
    found = [
        _Language(str(row["locale"]), str(row.get("name") or row["locale"]),
                  row.get("default") is True or row["locale"] == table.get("default_language"))
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict) and row.get("locale") and row.get("build") is not False
    ]  # fmt: skip
    return sorted(found, key=lambda one: not one.is_default)


def read_config(tree: SourceTree) -> MkDocsConfig:
    """Raises OldSiteError if the folder is not a site of MkDocs."""
    origin = next((name for name in _NAMES if name in tree), "")
    if not origin:
        hint = "There is no mkdocs.yml"
        raise OldSiteError(Problem(f"{tree.root.name}/ is not a site of MkDocs", None, hint))
    values = read_table(tree, origin, _Loader)
    parent = values.get("INHERIT")
    if isinstance(parent, str) and posixpath.normpath(parent) in tree:
        values = {**read_table(tree, posixpath.normpath(parent), _Loader), **values}
    return MkDocsConfig(values, origin)


def ssg_settings(config: MkDocsConfig, notes: ImportNotes) -> dict[str, Any]:
    """Our settings."""
    _add_findings(config, notes)
    extensions = {name.removeprefix("markdown.extensions.") for name in
                  config.options("markdown_extensions")}  # fmt: skip
    theme = config.values.get("theme")
    table = theme if isinstance(theme, dict) else {}
    highlight = config.options("markdown_extensions").get("pymdownx.highlight", {})
    depth = config.options("markdown_extensions").get("toc", {}).get("toc_depth")
    site_dir = config.text("site_dir").strip("./")
    extra = config.values.get("extra")
    return {
        "title": config.text("site_name"),
        "base_url": site_url(config.text("site_url")),
        "description": config.text("site_description"),
        "author": config.text("site_author"),
        "languages": {one.code: {"name": one.name} for one in config.languages},
        "default_language": _language(config, table),
        "output_dir": site_dir if site_dir != "site" else "",
        "markdown": {
            "math": "pymdownx.arithmatex" in extensions or None,
            "smart_punctuation": "smarty" in extensions or None,
            "line_numbers": highlight.get("linenums") is True or None,
            "toc_depth": depth if isinstance(depth, int) and depth > 0 else None,
        },
        "feed": {"enabled": False},
        "search": {"enabled": True} if _has_search(config) else {},
        "taxonomies": {"tags": {}},
        "extra": {
            **(extra if isinstance(extra, dict) else {}),
            "footer": _without_tags(config.text("copyright")),
            "repo_url": config.text("repo_url"),
        },
    }  # fmt: skip


def _language(config: MkDocsConfig, theme: Mapping[str, Any]) -> str:
    code = next(iter(config.language_folders), "")
    return code or language_tag(str(theme.get("language") or theme.get("locale") or ""))


def _has_search(config: MkDocsConfig) -> bool:
    """MkDocs enables the plugin search unless a site lists its plugins without it."""
    return "plugins" not in config.values or any(
        name.rpartition("/")[2] == "search" for name in config.options("plugins")
    )


def _without_tags(html: str) -> str:
    """A line without its HTML tags."""
    parts = html.replace("&copy;", "©").split("<")
    return "".join([parts[0], *(part.partition(">")[2] for part in parts[1:])]).strip()


def _add_findings(config: MkDocsConfig, notes: ImportNotes) -> None:
    notes.unknown_settings(config.values, _READ | _IGNORED, config.origin)
    for name in config.options("plugins"):
        if name.removeprefix("material/") not in _COVERED_PLUGINS:
            notes.not_imported(Topic.PLUGIN, f"the plugin {name}", config.origin)
    for name in config.options("markdown_extensions"):
        if name.removeprefix("markdown.extensions.") not in _KNOWN_EXTENSIONS:
            notes.not_imported(Topic.MARKUP, f"the extension {name}", config.origin)
    theme = config.values.get("theme")
    chosen = theme.get("name") if isinstance(theme, dict) else theme
    if chosen:
        notes.not_imported(Topic.TEMPLATE, f"the theme {chosen}", config.origin)
    if isinstance(theme, dict) and theme.get("custom_dir"):
        notes.not_imported(Topic.TEMPLATE, f"{theme['custom_dir']}/", config.origin)
    for key in ("hooks", "extra_css", "extra_javascript"):
        if config.values.get(key):
            what = (
                f"{key}: no page loads these files" if key != "hooks" else "hooks were not imported"
            )
            notes.add(Topic.PLUGIN if key == "hooks" else Topic.TEMPLATE, what, config.origin)
