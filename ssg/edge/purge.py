"""Purge cached pages in a cache folder, also while a server uses it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from ssg.edge.cache_key import same_page
from ssg.edge.storage.disk_cache import WarningLog
from ssg.edge.storage.store import CacheStore


def purge(cache_dir: Path, paths: Iterable[str], log: WarningLog) -> dict[str, int]:
    """Purge paths in every build; returns how many entries each of them had."""
    by_text = {text: comparable(text) for text in paths}
    removed = dict.fromkeys(by_text, 0)
    for namespace in CacheStore(cache_dir, log).namespaces():
        stored = Counter(map(comparable, namespace.paths()))
        namespace.purge(set(by_text.values()))
        for text, path in by_text.items():
            removed[text] += stored[path]
        namespace.close()
    return removed


def purge_tags(cache_dir: Path, tags: Iterable[str], log: WarningLog) -> int:
    """Purge every response with one of these tags; returns the number of entries."""
    removed, wanted = 0, list(tags)
    for namespace in CacheStore(cache_dir, log).namespaces():
        removed += namespace.purge_tags(wanted)
        namespace.close()
    return removed


def purge_all(cache_dir: Path, log: WarningLog) -> int:
    """Purge every path of every build; returns the number of entries."""
    removed = 0
    for namespace in CacheStore(cache_dir, log).namespaces():
        removed += namespace.clear()
        namespace.close()
    return removed


def comparable(text: str) -> str:
    """One form of a URL or a path, to compare it with keys."""
    path = urlsplit(text).path if "://" in text else text
    return same_page(path)
