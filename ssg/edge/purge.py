"""Purge cached pages in all builds of a store, also while servers use it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlsplit

from ssg.edge.cache_key import same_page
from ssg.edge.storage.namespace import CacheStore


def purge(store: CacheStore, paths: Iterable[str]) -> dict[str, int]:
    """Purge paths in every build; returns how many entries each of them had."""
    by_text = {text: comparable(text) for text in paths}
    removed = dict.fromkeys(by_text, 0)
    for namespace in store.namespaces():
        stored = Counter(map(comparable, namespace.paths()))
        namespace.purge(set(by_text.values()))
        for text, path in by_text.items():
            removed[text] += stored[path]
        namespace.close()
    return removed


def purge_tags(store: CacheStore, tags: Iterable[str]) -> int:
    """Purge every response with one of these tags; returns the number of entries."""
    removed, wanted = 0, list(tags)
    for namespace in store.namespaces():
        removed += namespace.purge_tags(wanted)
        namespace.close()
    return removed


def purge_all(store: CacheStore) -> int:
    """Purge every path of every build; returns the number of entries."""
    removed = 0
    for namespace in store.namespaces():
        removed += namespace.clear()
        namespace.close()
    return removed


def comparable(text: str) -> str:
    """One form of a URL or a path, to compare it with keys."""
    path = urlsplit(text).path if "://" in text else text
    return same_page(path)
