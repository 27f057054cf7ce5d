"""The names of front-matter keys: ours, and those of other generators that are read as ours."""

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
"""Keys that other generators use -> ours."""

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
        "menus", "search", "translation_key",
    }
)  # fmt: skip
TAXONOMY_KEYS = frozenset({"tags", "categories"})
KNOWN_KEYS = PAGE_KEYS | SECTION_KEYS

NOT_CASCADING_KEYS = frozenset(
    {"title", "slug", "path", "aliases", "redirect_to", "cascade", "translation_key"}
)
"""Keys that speak of one page: no cascade can hand them down."""

_LISTS = frozenset({"aliases", "authors", "keywords", "tags", "categories"})
_BY_LOWER_CASE = {
    **{name.lower(): ours for name, ours in ALIASES.items()},
    **{name: name for name in KNOWN_KEYS},
}
_PLAIN = KNOWN_KEYS - set(ALIASES)


def canonical_key(key: str) -> str:
    """`Publishdate` -> `publish_date`. A key that nobody knows is left as it is.

    Capitals do not count: a page whose `Draft: true` was passed over would be public.
    """
    return _BY_LOWER_CASE.get(key) or _BY_LOWER_CASE.get(key.lower(), key)


def is_known_key(key: str) -> bool:
    return key.lower() in _BY_LOWER_CASE


def canonical_values(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Front matter under our names. Where two keys mean the same, our own name wins, then the
    order of `ALIASES`; lists are joined."""
    if values.keys() <= _PLAIN:
        return values
    found: dict[str, Any] = {}
    for key in sorted(values, key=_rank):
        ours = canonical_key(key)
        if ours in found and ours in _LISTS:
            found[ours] = _texts(found[ours]) + _texts(values[key])
        found.setdefault(ours, values[key])
    return {ours: found[ours] for ours in dict.fromkeys(map(canonical_key, values))}


def spelling(ours: str, written: Iterable[str]) -> str:
    """The name under which a file has one of our keys: the place of an error is there."""
    return next((key for key in sorted(written, key=_rank) if canonical_key(key) == ours), ours)


_RANKS = {name.lower(): number for number, name in enumerate(ALIASES, 1)}


def _rank(key: str) -> int:
    return _RANKS.get(key.lower(), 0)


def _texts(value: Any) -> list[Any]:
    if isinstance(value, str):
        return value.split(",")
    return list(value) if isinstance(value, Sequence) else [value]
