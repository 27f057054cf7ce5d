"""Finds the tag table to compare with: of a site that is live, or in a file.

Nothing that goes wrong here is an error: if the table is unknown, everything may have changed, and
a deploy purges everything. So what is fetched is limited in time and size, and its digest checked.
"""

from __future__ import annotations

import http.client
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urljoin

import ssg
from ssg.fingerprint.tag_table.changes import EarlierTable, read_table
from ssg.fingerprint.tag_table.published import POINTER, checked_table, table_of_pointer
from ssg.fingerprint.tag_table.table_file import TableError
from ssg.targets.target import TAG_TABLES_PATH

TIMEOUT_SECONDS = 30.0
"""For all that is fetched."""
MAX_POINTER_BYTES = 64 * 1024
MAX_TABLE_BYTES = 256 * 1024 * 1024
"""A table has about 8 bytes a tag."""
_STEP_BYTES = 256 * 1024
_FOLDER = TAG_TABLES_PATH.strip("/").rpartition("/")[2]
"""The folder of tables, beside the pointer."""

Fetch = Callable[[str, int], bytes]
"""The content of a URL, of at most so many bytes. Raises TableError."""


def earlier_table(source: str, fetch: Fetch | None = None) -> EarlierTable:
    """The table of a site or its pointer by URL, or of a file or publish folder by path."""
    if source.startswith(("http://", "https://")):
        return _live_table(source, fetch or _fetcher(TIMEOUT_SECONDS))
    path = Path(source)
    pointer = path / POINTER if path.is_dir() else path
    return _table_beside(pointer) if pointer.suffix == ".json" else read_table(pointer)


def _live_table(url: str, fetch: Fetch) -> EarlierTable:
    pointer = url if url.endswith(".json") else f"{url.rstrip('/')}/{POINTER}"
    try:
        name = table_of_pointer(fetch(pointer, MAX_POINTER_BYTES))
        address = urljoin(pointer, f"{_FOLDER}/{name}")
        return EarlierTable(url, checked_table(fetch(address, MAX_TABLE_BYTES), name))
    except TableError as error:
        return EarlierTable(url, problem=str(error))


def _table_beside(pointer: Path) -> EarlierTable:
    """The table that a pointer in a folder names."""
    try:
        name = table_of_pointer(pointer.read_bytes())
        data = (pointer.parent / _FOLDER / name).read_bytes()
        return EarlierTable(str(pointer), checked_table(data, name))
    except OSError as error:
        return EarlierTable(str(pointer), problem=error.strerror or type(error).__name__)
    except TableError as error:
        return EarlierTable(str(pointer), problem=str(error))


def _fetcher(seconds: float) -> Fetch:
    """Fetch until some seconds from now."""
    until = time.monotonic() + seconds

    def fetch(url: str, limit: int) -> bytes:
        headers = {"User-Agent": f"ssg/{ssg.__version__} (changes)", "Cache-Control": "no-cache"}
        try:
            request = urllib.request.Request(url, headers=headers)  # noqa: S310 HTTP by `earlier_table`
            left = max(0.1, until - time.monotonic())
            with urllib.request.urlopen(request, timeout=left) as answer:  # noqa: S310 the same
                return _read(answer, limit, until)
        except HTTPError as error:
            error.close()
            raise TableError(f"{url} answers with status {error.code}") from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            raise TableError(f"{url}: {reason}") from error

    return fetch


def _read(answer: http.client.HTTPResponse, limit: int, until: float) -> bytes:
    """The content of an answer, in steps, so that a slow one ends in time."""
    parts: list[bytes] = []
    size = 0
    while part := answer.read1(_STEP_BYTES):
        parts.append(part)
        size += len(part)
        if size > limit:
            raise ValueError(f"it has more than {limit:,} bytes")
        if time.monotonic() > until:
            raise TimeoutError("it takes too long")
    return b"".join(parts)
