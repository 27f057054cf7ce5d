"""Reads Pelican's settings, and converts them. They are Python code, which is never run."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ssg.importers.imported_site import ImportNotes, Topic
from ssg.importers.limits import value_problem
from ssg.importers.site_data.settings import language_tag, site_url, time_zone
from ssg.importers.source_tree import SourceTree
from ssg.model.errors import Location, OldSiteError, Problem

_NAME = "pelicanconf.py"
_PUBLISHED = "publishconf.py"
_READ = frozenset(
    {
        "SITENAME", "SITEURL", "SITESUBTITLE", "AUTHOR", "TIMEZONE", "DEFAULT_LANG", "PATH",
        "OUTPUT_PATH", "ARTICLE_PATHS", "PAGE_PATHS", "STATIC_PATHS", "EXTRA_PATH_METADATA",
        "ARTICLE_URL", "ARTICLE_SAVE_AS", "PAGE_URL", "PAGE_SAVE_AS", "CATEGORY_URL",
        "CATEGORY_SAVE_AS", "TAG_URL", "TAG_SAVE_AS", "AUTHOR_URL", "AUTHOR_SAVE_AS",
        "DEFAULT_PAGINATION", "FEED_ALL_ATOM", "FEED_ALL_RSS", "FEED_ATOM", "FEED_RSS",
        "CATEGORY_FEED_ATOM", "TAG_FEED_ATOM", "FEED_MAX_ITEMS", "MENUITEMS", "LINKS", "SOCIAL",
        "THEME", "PLUGINS", "MARKDOWN", "TYPOGRIFY", "USE_FOLDER_AS_CATEGORY", "DEFAULT_CATEGORY",
        "DEFAULT_METADATA", "DISPLAY_PAGES_ON_MENU", "ARTICLE_EXCLUDES", "PAGE_EXCLUDES",
        "SLUGIFY_SOURCE", "FILENAME_METADATA", "PATH_METADATA", "ARCHIVES_SAVE_AS",
        "DIRECT_TEMPLATES", "ARTICLE_ORDER_BY", "DISPLAY_CATEGORIES_ON_MENU", "SUMMARY_MAX_LENGTH",
        "ARTICLE_LANG_URL", "ARTICLE_LANG_SAVE_AS", "PAGE_LANG_URL", "PAGE_LANG_SAVE_AS",
    }
)  # fmt: skip
_IGNORED_PREFIXES = (
    "RELATIVE_URLS", "DELETE_OUTPUT_DIRECTORY", "LOAD_CONTENT_CACHE", "CACHE_", "PLUGIN_PATHS",
    "LOCALE", "PLUGIN_PATH", "OUTPUT_RETENTION", "OUTPUT_SOURCES", "PORT", "BIND", "LOG_FILTER",
    "JINJA_",
    "AUTHOR_FEED", "TRANSLATION_FEED", "CATEGORY_FEED", "TAG_FEED", "FEED_", "DATE_FORMATS",
    "DEFAULT_DATE", "DOCUTILS", "IGNORE_FILES", "READERS", "STATIC_", "CONTENT_CACHING",
    "PAGINATION_PATTERNS", "PAGINATED_TEMPLATES", "SLUG", "WITH_FUTURE", "PYGMENTS", "DRAFT_",
    "ARCHIVES", "YEAR_ARCHIVE", "MONTH_ARCHIVE", "DAY_ARCHIVE", "TAGS_", "CATEGORIES_", "AUTHORS_",
    "THEME_", "GITHUB_URL", "SOCIAL_WIDGET", "REVERSE_", "FORMATTED_FIELDS", "STATIC", "RSS_",
    "SUMMARY_", "INDEX_",
)  # fmt: skip


_MAX_VALUES = 5_000
"""The largest value of a setting, counted as in `limits`."""


class _NotConstantError(Exception):
    """The value is known only when the code runs."""


@dataclass(frozen=True, slots=True)
class PelicanSettings:
    """Settings by name. `lines` has the lines of their assignments."""

    values: Mapping[str, Any]
    lines: Mapping[str, int]
    origin: str

    def text(self, key: str, default: str = "") -> str:
        value = self.values.get(key)
        return value if isinstance(value, str) else default

    def listed(self, key: str, default: list[str]) -> list[str]:
        value = self.values.get(key, default)
        if isinstance(value, str):
            return [value]
        return [str(one) for one in value] if isinstance(value, list | tuple) else default

    @property
    def content(self) -> str:
        """The folder of the content."""
        return self.text("PATH", "content").strip("./") or "content"


def read_settings(tree: SourceTree, notes: ImportNotes) -> PelicanSettings:
    """`pelicanconf.py`, with `publishconf.py` over it. Raises OldSiteError if there is none."""
    if _NAME not in tree:
        hint = f"There is no {_NAME}"
        raise OldSiteError(Problem(f"{tree.root.name}/ is not a site of Pelican", None, hint))
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for origin in (_NAME, _PUBLISHED):
        if origin in tree:
            _read(tree, origin, values, lines, notes)
    return PelicanSettings(values, lines, _NAME)


def _read(
    tree: SourceTree, origin: str, values: dict[str, Any], lines: dict[str, int], notes: ImportNotes
) -> None:
    try:
        module = ast.parse(tree.text(origin))
    except (RecursionError, MemoryError) as error:
        problem = Problem("Python: the code is nested too deeply", Location(origin))
        raise OldSiteError(problem) from error
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        message = f"Python: {getattr(error, 'msg', error)}"
        raise OldSiteError(Problem(message, Location(origin, line))) from error
    for node in module.body:
        targets, value = _assignment(node)
        for name in targets:
            try:
                values[name] = _bounded(_value(value, values))
                lines[name] = node.lineno
            except (_NotConstantError, RecursionError):
                if name in _READ:
                    what = f"{name}, which is not a constant,"
                    notes.not_imported(Topic.SETTING, what, origin, node.lineno)


def _assignment(node: ast.stmt) -> tuple[list[str], ast.expr]:
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
        return [node.target.id], node.value
    if isinstance(node, ast.Assign):
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        return [name for name in names if name.isupper()], node.value
    return [], ast.Constant(None)


def _value(node: ast.expr, known: Mapping[str, Any]) -> Any:  # noqa: PLR0911 one for each form
    """Evaluate literals, earlier settings, and sums of both."""
    match node:
        case ast.Name(id=name) if name in known:
            return known[name]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _sum(_value(left, known), _value(right, known))
        case ast.JoinedStr(values=parts):
            return _bounded("".join(str(_value(part, known)) for part in parts))
        case ast.FormattedValue(value=inner, format_spec=None):
            return _value(inner, known)
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return [_value(item, known) for item in items]
        case ast.Dict(keys=keys, values=inner_values):
            pairs = zip(keys, inner_values, strict=True)
            return {str(_value(k, known)): _value(v, known) for k, v in pairs if k is not None}
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise _NotConstantError from None


def _bounded(value: Any) -> Any:
    """A value, if it is not much larger than what people write."""
    if value_problem(value, _MAX_VALUES):
        raise _NotConstantError
    return value


def _sum(left: Any, right: Any) -> Any:
    try:
        return _bounded(left + right)
    except TypeError:
        raise _NotConstantError from None


def ssg_settings(config: PelicanSettings, notes: ImportNotes) -> dict[str, Any]:
    """Our settings, without addresses and taxonomies."""
    _add_findings(config, notes)
    output = config.text("OUTPUT_PATH").strip("./")
    return {
        "title": config.text("SITENAME"),
        "base_url": site_url(config.text("SITEURL")),
        "description": config.text("SITESUBTITLE"),
        "author": config.text("AUTHOR"),
        "default_language": language_tag(config.text("DEFAULT_LANG")),
        "timezone": time_zone(
            config.text("TIMEZONE"), notes, config.origin, config.lines.get("TIMEZONE")
        ),
        "output_dir": output if output not in {"", "output"} else "",
        "markdown": {"smart_punctuation": bool(config.values.get("TYPOGRIFY")) or None,
                     "auto_summary": True},
        "feed": _feed(config),
        "extra": {
            **{key.lower(): config.values[key] for key in config.lines if _is_of_theme(key)},
            "links": _pairs(config.values.get("LINKS"), "title"),
            "social": _pairs(config.values.get("SOCIAL"), "name"),
        },
    }  # fmt: skip


def _is_of_theme(key: str) -> bool:
    """Whether a setting is not one of Pelican itself, but of a theme."""
    return key.isupper() and key not in _READ and not key.startswith(_IGNORED_PREFIXES)


def _feed(config: PelicanSettings) -> dict[str, Any]:
    limit = config.values.get("FEED_MAX_ITEMS")
    return {"limit": limit} if isinstance(limit, int) and limit > 0 else {}


def main_menu(
    config: PelicanSettings, pages: Sequence[str], categories: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The main menu of themes of Pelican: `MENUITEMS`, pages, categories.

    `pages` are files, `categories` has paths by name.
    """
    rows: list[dict[str, Any]] = [*_pairs(config.values.get("MENUITEMS"), "name")]
    if config.values.get("DISPLAY_PAGES_ON_MENU", True):
        rows += [{"page": place} for place in pages]
    if config.values.get("DISPLAY_CATEGORIES_ON_MENU", True):
        rows += [{"name": name, "url": path} for name, path in categories.items()]
    return [{**row, "weight": number} for number, row in enumerate(rows, 1)]


def _pairs(rows: Any, key: str) -> list[dict[str, str]]:
    found = rows if isinstance(rows, list) else []
    return [
        {key: str(row[0]), "url": str(row[1])}
        for row in found
        if isinstance(row, list) and len(row) > 1
    ]


def _add_findings(config: PelicanSettings, notes: ImportNotes) -> None:
    for name in config.listed("PLUGINS", []):
        notes.not_imported(
            Topic.PLUGIN, f"the plugin {name}", config.origin, config.lines.get("PLUGINS")
        )
    if config.text("THEME"):
        theme = f"the theme {config.text('THEME')}"
        notes.not_imported(Topic.TEMPLATE, theme, config.origin, config.lines["THEME"])
