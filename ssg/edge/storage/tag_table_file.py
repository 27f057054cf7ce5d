"""The tag table of the build deployed last, in a file beside the purge log.

A server that deploys another build compares both tables, and purges what differs. The first line
names the build; the rest is the table. The file is replaced as a whole.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote


class TagTableFile:
    """One file with one table. A file that cannot be read or written is no table."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, build_id: str) -> bytes | None:
        """The table of a build, if it was written last."""
        try:
            name, newline, table = self._path.read_bytes().partition(b"\n")
        except OSError:
            return None
        return table if newline and name == _line(build_id) else None

    def write(self, build_id: str, table: bytes) -> None:
        """Replace the table."""
        new = self._path.with_name(f"{self._path.name}.{secrets.token_hex(8)}")
        with suppress(OSError):  # without a table, the next deploy purges everything
            try:
                new.write_bytes(_line(build_id) + b"\n" + table)
                new.replace(self._path)
            finally:
                new.unlink(missing_ok=True)


def _line(build_id: str) -> bytes:
    return quote(build_id, safe="").encode()
