"""The folders of other sites that have pictures of this one, for services that fetch them there.

A service fetches a picture only if an expression of the deploy allows it. These expressions match
from the beginning of an address to its end, so nobody can send a service elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, takewhile
from urllib.parse import urlsplit

from ssg.model.images.picture import Picture


@dataclass(frozen=True, slots=True)
class RemoteFolder:
    """A folder of another site."""

    scheme: str
    host: str
    """In small letters; with a port if the addresses have one."""
    path: str
    """From `/` to `/`: `/photos/`."""

    @property
    def expression(self) -> str:
        """The expression for addresses below the folder, from `^` to `$`."""
        return f"^{re.escape(f'{self.scheme}://{self.host}{self.path}')}.*$"


def remote_folders(pictures: Iterable[Picture]) -> tuple[RemoteFolder, ...]:
    """The deepest folder of each site that contains all remote pictures there."""
    addresses = [urlsplit(one.path) for one in pictures if one.is_remote]
    named = sorted((one.scheme, one.netloc.lower(), one.path) for one in addresses)
    groups = groupby(named, key=lambda one: one[:2])
    return tuple(
        RemoteFolder(scheme, host, _shared_folder([path for *_, path in group]))
        for (scheme, host), group in groups
    )


def _shared_folder(paths: list[str]) -> str:
    """The folder that the first and the last of sorted paths share, and so all of them."""
    first, last = (path.split("/")[:-1] for path in (paths[0], paths[-1]))
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return "/".join([*(one for one, _ in same), ""]) or "/"
