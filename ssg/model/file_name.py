"""The names of content files: which part is the page's name, and which is a date."""

from __future__ import annotations

import re

_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})[-_](.+)", re.S)


def file_stem(source: str) -> str:
    """A page's name by its source: `blog/post.md` -> `post`, `blog/trip/index.md` -> `trip`."""
    folder, _, name = source.rpartition("/")
    return folder.rpartition("/")[2] if name == "index.md" else name.removesuffix(".md")


def split_date(stem: str) -> tuple[str, str]:
    """`2026-01-31-hello` -> `2026-01-31` and `hello`. Without a date, '' and the whole stem.

    The date may be one that no calendar has.
    """
    if stem[4:5] == "-" and (dated := _DATED.fullmatch(stem)):
        return dated[1], dated[2]
    return "", stem
