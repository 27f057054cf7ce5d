"""Copies of remote pictures, which survive builds.

A file of the folder is named by the SHA-256 of its content. `index.json` says which URL has which
content, when that was last asked, and how to ask whether it has changed. A build asks again for
each URL whose copy is older than `refresh`; if the host does not answer, the copy still counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ssg.fingerprint.digest import sha256_of
from ssg.model.images.remote import RemoteSettings, remote_of
from ssg.sources.data_client import SourceError
from ssg.sources.http.download import Downloader, DownloadLimits

MAX_AT_ONCE = 8
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


class RemoteStore:
    """The copies in a folder. One build at a time uses it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._copies = _read_index(folder / "index.json")

    def bring(
        self, urls: Iterable[str], remotes: Iterable[RemoteSettings], now: float
    ) -> dict[str, RemoteResult]:
        """The copies of some URLs. Asks for what is missing or old, several at once."""
        wanted, listed = list(urls), tuple(remotes)
        results = {url: RemoteResult(copy) for url in wanted if (copy := self._intact(url))}
        stale = [url for url in wanted if not self._is_fresh(url, results.get(url), listed, now)]
        if stale:
            self.folder.mkdir(parents=True, exist_ok=True)
            downloader = Downloader(lambda url: remote_of(url, listed) is not None)
            try:
                with ThreadPoolExecutor(MAX_AT_ONCE, "ssg-remote") as threads:
                    asked = threads.map(lambda url: self._ask(downloader, url, listed, now), stale)
                    results.update(zip(stale, asked, strict=True))
            finally:
                downloader.close()
        self._keep({url: one.copy for url, one in results.items() if one.copy})
        return results

    def path(self, copy: RemoteCopy) -> Path:
        """The file of a copy."""
        return self.folder / copy.sha256

    def _is_fresh(
        self, url: str, known: RemoteResult | None, remotes: Iterable[RemoteSettings], now: float
    ) -> bool:
        settings = remote_of(url, remotes)
        if known is None or known.copy is None or settings is None:
            return False
        return 0 <= now - known.copy.asked_at < settings.refresh_seconds

    def _ask(
        self, downloader: Downloader, url: str, remotes: Iterable[RemoteSettings], now: float
    ) -> RemoteResult:
        settings, known = remote_of(url, remotes), self._intact(url)
        if settings is None:
            return RemoteResult(None, "images.remote does not match it")
        limits = DownloadLimits(settings.timeout_seconds, settings.max_bytes)
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

    def _intact(self, url: str) -> RemoteCopy | None:
        """The copy of a URL, if its file has its content."""
        copy = self._copies.get(url)
        try:
            is_whole = copy is not None and sha256_of(self.path(copy).read_bytes()) == copy.sha256
        except OSError:
            return None
        return copy if is_whole else None

    def _keep(self, copies: Mapping[str, RemoteCopy]) -> None:
        """Write the index, and delete the files that it no longer names."""
        if copies == self._copies:
            return
        self._copies = dict(copies)
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / "index.new"
        table = {url: asdict(copy) for url, copy in sorted(copies.items())}
        draft.write_text(json.dumps(table, indent=1), "utf-8")
        draft.replace(self.folder / "index.json")
        names = {"index.json", *(copy.sha256 for copy in copies.values())}
        for other in self.folder.iterdir():
            if other.name not in names:
                other.unlink(missing_ok=True)


def _read_index(file: Path) -> dict[str, RemoteCopy]:
    try:
        table = json.loads(file.read_text("utf-8"))
        return {url: RemoteCopy(**values) for url, values in table.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
