"""Static files of a publish folder: find the one that answers a path, and send it.

Nothing outside the folder is ever served. Paths are decoded before they come here. A path that
does not name a file inside (`..`, a backslash, a link that leaves the folder, a name too long for
the disk) is not found.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import lru_cache
from pathlib import Path

from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

from ssg.edge.http.conditions import ByteRange
from ssg.model.file_types import content_type
from ssg.redirects.matching.static_files import NOT_SERVED, candidate_files

MAX_PATH_CHARACTERS = 4096
_MAX_FOUND = 4096


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A regular file inside the publish folder."""

    path: Path
    content_type: str
    stat: os.stat_result
    etag: str = ""
    """The ETag of its bytes, if that is known; without it, the time of the change counts."""

    @property
    def is_html(self) -> bool:
        """Whether it is an HTML page."""
        return self.content_type.startswith("text/html")

    @property
    def validators(self) -> tuple[str, str]:
        """The `ETag` and the `Last-Modified` of the content as it is."""
        etag, last_modified = _validators(self.stat.st_mtime_ns, self.stat.st_size)
        return self.etag or etag, last_modified

    def response(self, status: int, headers: Mapping[str, str]) -> StaticFileResponse:
        """Make a response that reads the file."""
        return StaticFileResponse(
            self.path,
            status_code=status,
            headers=headers,
            media_type=self.content_type,
            stat_result=self.stat,
        )


class StaticFileResponse(FileResponse):
    """Sends a file, or parts of it if `ranges` is set; `conditions` decides which."""

    ranges: tuple[ByteRange, ...] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response (ASGI). Starlette reads a `Range` made of `ranges`, not the request's.

        Starlette answers 400 to a unit that it does not know, and sends parts for HEAD.
        """
        parts = ", ".join(f"{first}-{end - 1}" for first, end in self.ranges)
        headers = [(b"range", f"bytes={parts}".encode())] if parts else []
        await super().__call__({**scope, "headers": headers}, receive, send)


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """The files of one publish folder. `root` contains no symbolic links."""

    root: str
    _found: dict[str, StaticFile] = field(default_factory=dict, repr=False)
    """Files that were found, by their names. Each counts until its status is another one."""

    @classmethod
    def under(cls, publish_dir: Path) -> StaticFiles:
        """Resolve the links of `publish_dir`."""
        return cls(os.path.realpath(publish_dir))

    def find(self, path: str) -> str | None:
        """Find the file, relative to the root, that answers a decoded and maybe pretty URL path."""
        found = (name for name in candidate_files(path) if self.locate(name) is not None)
        return next(found, None)

    def locate(self, name: str) -> StaticFile | None:
        """Look up a relative name; None if there is no such file, or it may not be served."""
        if name not in self._found and not _may_be_served(name):
            return None
        path = f"{self.root}/{name}"
        try:
            status = os.stat(path)  # noqa: PTH116 - runs on each request
            known = self._found.get(name)
            if known is not None and _is_same(known.stat, status):
                return known
            is_inside = os.path.realpath(path).startswith(self.root.rstrip(os.sep) + os.sep)
        except (OSError, ValueError):  # no such file, a name too long, a NUL, a loop of links
            return None
        if not is_inside or not stat.S_ISREG(status.st_mode):
            return None
        if len(self._found) >= _MAX_FOUND:
            self._found.clear()
        found = self._found[name] = StaticFile(Path(path), content_type(name), status)
        return found


@lru_cache(maxsize=1024)
def _validators(mtime_ns: int, size: int) -> tuple[str, str]:
    return f'"{mtime_ns:x}-{size:x}"', formatdate(mtime_ns // 10**9, usegmt=True)


def _is_same(before: os.stat_result, now: os.stat_result) -> bool:
    """Whether two looks found the same file, unchanged: then it is inside as it was before."""
    return (
        before.st_ino == now.st_ino
        and before.st_mtime_ns == now.st_mtime_ns
        and before.st_ctime_ns == now.st_ctime_ns
        and before.st_size == now.st_size
        and before.st_dev == now.st_dev
    )


def _may_be_served(name: str) -> bool:
    parts = name.split("/")
    return (
        len(name) <= MAX_PATH_CHARACTERS
        and name not in NOT_SERVED
        and "\\" not in name
        and not any(part in {"", ".", ".."} for part in parts)
    )
