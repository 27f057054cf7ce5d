"""Forget cached pages in a cache folder, also in one that a server works on."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from ssg.edge.disk_cache import WarningLog
from ssg.edge.store import CacheStore
from ssg.model.urls import decode_path


def purge(cache_dir: Path, wanted: Iterable[str], log: WarningLog) -> dict[str, int]:
    """Forget paths in every build; says of each how many entries it had."""
    asked = {text: comparable(text) for text in wanted}
    removed = dict.fromkeys(asked, 0)
    for namespace in CacheStore(cache_dir, log).namespaces():
        for key in namespace.paths():
            matching = [text for text, path in asked.items() if path == comparable(key)]
            if matching:
                namespace.purge(key)
            for text in matching:
                removed[text] += 1
        namespace.close()
    return removed


def purge_all(cache_dir: Path, log: WarningLog) -> int:
    """Forget every path of every build; says how many entries there were."""
    removed = 0
    for namespace in CacheStore(cache_dir, log).namespaces():
        removed += len(namespace.paths())
        namespace.clear()
        namespace.close()
    return removed


def comparable(text: str) -> str:
    """A URL or a path, however it is encoded, with or without its slashes: one page, one text."""
    path = urlsplit(text).path if "://" in text else text
    return (decode_path(path) or path).strip("/")
