"""Front-matter keys: the canonical names, and the aliases of other generators.

A canonical key is the name that the rest of ssg uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

ALIASES: Mapping[str, str] = {
    "lastmod": "updated",
    "modified": "updated",
    "publishDate": "publish_date",
    "pubdate": "publish_date",
    "expiryDate": "expiry_date",
    "unpublishdate": "expiry_date",
    "url": "path",
    "permalink": "path",
    "save_as": "path",
    "redirect_from": "aliases",
    "author": "authors",
    "layout": "template",
    "params": "extra",
    "tag": "tags",
    "category": "categories",
    "generate_feed": "generate_feeds",
    "menu": "menus",
    "translationKey": "translation_key",
}
"""Keys of other generators -> canonical keys."""

SECTION_KEYS = frozenset(
    {
        "sort_by", "paginate_by", "paginate_path", "page_template", "generate_feeds", "cascade",
        "transparent", "redirect_to",
    }
)  # fmt: skip
PAGE_KEYS = frozenset(
    {
        "title", "description", "summary", "slug", "path", "template", "date", "updated",
        "publish_date", "expiry_date", "draft", "published", "status", "weight", "keywords",
        "authors", "aliases", "taxonomies", "tags", "categories", "extra", "deferred", "ttl",
        "stale", "cache_tags", "menus", "search", "translation_key", "card",
    }
)  # fmt: skip
TAXONOMY_KEYS = frozenset({"tags", "categories"})
KNOWN_KEYS = PAGE_KEYS | SECTION_KEYS

NOT_CASCADING_KEYS = frozenset(
    {"title", "slug", "path", "aliases", "redirect_to", "cascade", "translation_key"}
)
"""Keys that belong to one page and cannot be inherited."""

_LISTS = frozenset({"aliases", "authors", "keywords", "tags", "categories"})
_BY_LOWER_CASE = {
    **{name.lower(): canonical for name, canonical in ALIASES.items()},
    **{name: name for name in KNOWN_KEYS},
}
_PLAIN = KNOWN_KEYS - set(ALIASES)


def canonical_key(key: str) -> str:
    """`Publishdate` -> `publish_date`. An unknown key stays as it is.

    Case does not count, so that `Draft: true` does not publish a draft.
    """
    return _BY_LOWER_CASE.get(key) or _BY_LOWER_CASE.get(key.lower(), key)


def is_known_key(key: str) -> bool:
    return key.lower() in _BY_LOWER_CASE


def canonical_values(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Front matter with canonical keys.

    Of two keys with one meaning the canonical one wins, then the first in `ALIASES`. Lists are
    joined.
    """
    if values.keys() <= _PLAIN:
        return values
    found: dict[str, Any] = {}
    for key in sorted(values, key=_rank):
        canonical = canonical_key(key)
        if canonical in found and canonical in _LISTS:
            found[canonical] = _texts(found[canonical]) + _texts(values[key])
        found.setdefault(canonical, values[key])
    return {key: found[key] for key in dict.fromkeys(map(canonical_key, values))}


def spelling(canonical: str, written: Iterable[str]) -> str:
    """The spelling of a canonical key in a file, by the keys that are `written` there."""
    return next(
        (key for key in sorted(written, key=_rank) if canonical_key(key) == canonical), canonical
    )


_RANKS = {name.lower(): number for number, name in enumerate(ALIASES, 1)}


def _rank(key: str) -> int:
    return _RANKS.get(key.lower(), 0)


def _texts(value: Any) -> list[Any]:
    if isinstance(value, str):
        return value.split(",")
    return list(value) if isinstance(value, Sequence) else [value]
