"""Reads `ttl`, `stale` and `cache_tags`, which front matter and the configuration have alike."""

from __future__ import annotations

from typing import Any

from ssg.config.table import Table
from ssg.model.cache_options import MAX_CACHE_TAGS, CacheOptions, cache_tag_problem


def read_cache_options(table: Table) -> CacheOptions:
    """The options of a table; None for each that it does not set."""
    return CacheOptions(**read_ttl_and_stale(table), cache_tags=_cache_tags(table))


def read_ttl_and_stale(table: Table) -> dict[str, Any]:
    """`ttl` and `stale` by the names of their fields; None for one that is not set."""
    return {"ttl_seconds": table.seconds("ttl", 1), "stale_seconds": table.seconds("stale")}


def _cache_tags(table: Table) -> tuple[str, ...] | None:
    key = "cache_tags"
    is_set = table.raw(key) is not None
    tags = tuple(dict.fromkeys(table.texts(key)))
    if not is_set:
        return None
    if len(tags) > MAX_CACHE_TAGS:
        table.problem(key, f'"{key}" has {len(tags)} tags, but may have {MAX_CACHE_TAGS}')
    for tag in tags:
        if problem := cache_tag_problem(tag):
            table.problem(key, f'the cache tag "{tag}" {problem}')
    return tags
