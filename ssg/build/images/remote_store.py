"""Copies of remote pictures, which survive builds.

A file of the folder is named by the SHA-256 of its content. `index.json` says which URL has which
content, when that was last asked, and how to ask whether it has changed. `files.bin` has the facts
of the files, so that a build reads only new ones. A build asks again for each URL whose copy is
older than `refresh`; if the host does not answer, the copy still counts.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ssg.fingerprint.digest import sha256_of
from ssg.fingerprint.file_facts import FileFacts, FileFactsCache, Inspection
from ssg.model.images.remote import RemoteSettings, remote_of
from ssg.sources.data_client import SourceError
from ssg.sources.http.download import Downloader, DownloadLimits

MAX_AT_ONCE = 8
_DAY_SECONDS = 86_400
KEPT_SECONDS = 30 * _DAY_SECONDS
_INDEX, _FACTS = "index.json", "files.bin"
_GONE = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class RemoteCopy:
    """The copy of a picture. `asked_at` is in seconds since 1970."""

    sha256: str
    asked_at: float
    validators: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RemoteResult:
    """What a build knows of a URL: a copy, or a problem, or an old copy with a problem."""

    copy: RemoteCopy | None = None
    problem: str = ""


Facts = tuple[Any, ...]
"""What a `PictureReader` finds in a file; the first value is its SHA-256."""


class RemoteStore:
    """The copies in a folder. `read` finds the facts of a file, `key` names how it reads."""

    def __init__(self, folder: Path, read: Callable[[str], Facts], key: str) -> None:
        self.folder = folder
        self._read = read
        self._key = key
        self._copies = _read_index(folder / _INDEX)

    def bring(
        self, urls: Iterable[str], remotes: Sequence[RemoteSettings], now: float
    ) -> dict[str, RemoteResult]:
        """The copies of some URLs. Asks for what is missing or old, several at once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        wanted = {url: remote for url in urls if (remote := remote_of(url, remotes))}
        results = {url: RemoteResult(copy) for url, copy in self._intact(wanted).items()}
        stale = {
            url: results.get(url, RemoteResult()).copy
            for url, remote in wanted.items()
            if not _is_fresh(results.get(url), remote, now)
        }
        if stale:
            results |= self._ask_all(stale, wanted, now)
            self._keep(results, now)
        return results

    def path(self, copy: RemoteCopy) -> Path:
        """The file of a copy."""
        return self.folder / copy.sha256

    def facts(self, copies: Iterable[RemoteCopy]) -> dict[str, Facts]:
        """The facts of the files of copies, by their SHA-256, if they have this content."""
        places = list(dict.fromkeys(str(self.path(copy)) for copy in copies))
        cache = FileFactsCache(self.folder / _FACTS)
        found = cache.facts(places, map, Inspection(frozenset(places), self._read, self._key))
        cache.close()
        known = (one.found for one in found.values() if isinstance(one, FileFacts))
        return {facts[0]: facts for facts in known}

    def _intact(self, urls: Iterable[str]) -> dict[str, RemoteCopy]:
        """The copies of URLs, if their files have their content."""
        copies = {url: self._copies[url] for url in urls if url in self._copies}
        facts = self.facts(copies.values())
        return {url: copy for url, copy in copies.items() if copy.sha256 in facts}

    def _ask_all(
        self,
        known: Mapping[str, RemoteCopy | None],
        remotes: Mapping[str, RemoteSettings],
        now: float,
    ) -> dict[str, RemoteResult]:
        listed = tuple(remotes.values())
        downloader = Downloader(lambda url: remote_of(url, listed) is not None)

        def ask(url: str) -> RemoteResult:
            return self._ask(downloader, url, remotes[url], known[url], now)

        try:
            with ThreadPoolExecutor(MAX_AT_ONCE, "ssg-remote") as threads:
                return dict(zip(known, threads.map(ask, known), strict=True))
        finally:
            downloader.close()

    def _ask(
        self,
        downloader: Downloader,
        url: str,
        remote: RemoteSettings,
        known: RemoteCopy | None,
        now: float,
    ) -> RemoteResult:
        limits = DownloadLimits(remote.timeout_seconds, remote.max_bytes)
        try:
            found = downloader.get(url, limits, known.validators if known else None)
        except SourceError as error:
            return RemoteResult(None if error.status in _GONE else known, str(error))
        if found.body is None and known:
            return RemoteResult(RemoteCopy(known.sha256, now, found.validators))
        return RemoteResult(self._write(found.body or b"", found.validators, now))

    def _write(self, body: bytes, validators: Mapping[str, str], now: float) -> RemoteCopy:
        copy = RemoteCopy(sha256_of(body), now, dict(validators))
        path = self.path(copy)
        draft = path.with_name(f"{copy.sha256}.{id(copy):x}.new")
        draft.write_bytes(body)
        draft.replace(path)
        return copy

    def _keep(self, results: Mapping[str, RemoteResult], now: float) -> None:
        """Write the index, and delete the files that it no longer names.

        Another build may have other pictures, one with drafts for example. So what it asked for
        stays in the index for some time, and a file that it may just have written stays, too.
        """
        others = {
            url: copy
            for url, copy in self._copies.items()
            if url not in results and now - copy.asked_at < KEPT_SECONDS
        }
        copies = {**others, **{url: one.copy for url, one in results.items() if one.copy}}
        draft = self.folder / f"{_INDEX}.{os.getpid()}.new"
        table = {url: asdict(copy) for url, copy in sorted(copies.items())}
        draft.write_text(json.dumps(table, indent=1), "utf-8")
        draft.replace(self.folder / _INDEX)
        names = {_INDEX, _FACTS, *(copy.sha256 for copy in copies.values())}
        for other in self.folder.iterdir():
            if other.name not in names and _is_old(other):
                other.unlink(missing_ok=True)


def _is_fresh(known: RemoteResult | None, remote: RemoteSettings, now: float) -> bool:
    if known is None or known.copy is None:
        return False
    return 0 <= now - known.copy.asked_at < remote.refresh_seconds


def _is_old(file: Path) -> bool:
    with suppress(OSError):
        return time.time() - file.stat().st_mtime > _DAY_SECONDS
    return False


def _read_index(file: Path) -> dict[str, RemoteCopy]:
    try:
        table = json.loads(file.read_text("utf-8"))
        return {url: RemoteCopy(**values) for url, values in table.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
