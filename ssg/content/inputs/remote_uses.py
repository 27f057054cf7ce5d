"""Finds the pictures of other hosts that a site shows, before anything is rendered.

A page that is rendered needs the size of each picture, so a build fetches pictures before. What it
looks for are URLs that `[[images.remote]]` matches:

- in texts, as targets of images: `![Alt](URL)`, `![Alt][name]` with `[name]: URL`, and
  `<img src="URL">`, but not in blocks of code;
- in front matter, data files and templates, if the path of the URL has the suffix of a picture;
- in `urls` of the configuration, for those that templates compute.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from ssg.model.errors import Location
from ssg.model.images.picture import SUFFIXES
from ssg.model.images.remote import RemoteSettings, remote_of
from ssg.model.texts import Texts

RemoteUses = dict[str, Location | None]
"""URLs of pictures, each with the first place that names it."""

_IMAGE = re.compile(
    r"!\[[^\]\n]*\]\(\s*<?(https?://[^\s<>)]+)"  # Markdown
    r"|<img\b[^>]*?\bsrc\s*=\s*[\"']?(https?://[^\s\"'<>]+)"  # HTML
    r"|^ {0,3}\[[^\]\n]+\]:\s*<?(https?://[^\s<>]+)",  # the target of a Markdown image
    re.M | re.I,
)
_REFERENCE = re.compile(r"!\[[^\]\n]*\](?!\()")
_FENCED = re.compile(r"^ {0,3}(```+|~~~+).*?(?:^ {0,3}\1|\Z)", re.M | re.S)
_URL = re.compile(r"https?://[^\s\"'<>\\{}|^`]+")

_BODIES = """
    SELECT page.source, block.digest, body.start, body.length, body.line FROM body
    JOIN block ON block.id = body.block_id JOIN page ON page.id = body.page_id
    WHERE page.source IS NOT NULL ORDER BY body.block_id, body.start
"""
_FRONTS = "SELECT 'content/' || source, front FROM page WHERE source IS NOT NULL AND front LIKE ?"
_DATA = "SELECT 'data/' || name, json FROM data WHERE json LIKE ?"
_TEMPLATES = "SELECT origin, text FROM template WHERE text LIKE ?"


def remote_uses(
    connection: sqlite3.Connection, texts: Texts, remotes: Sequence[RemoteSettings]
) -> RemoteUses:
    """The URLs of pictures that a site database names."""
    uses: RemoteUses = {}
    for url, place in _all(connection, texts, remotes):
        if remote_of(url, remotes):
            uses.setdefault(url, place)
    for one in remotes:
        for url in one.urls:
            uses.setdefault(url, None)
    return uses


def _all(
    connection: sqlite3.Connection, texts: Texts, remotes: Sequence[RemoteSettings]
) -> Iterator[tuple[str, Location]]:
    origins = {one.origin for one in remotes}
    yield from _in_texts(connection, texts, tuple(origin.encode() for origin in origins))
    for origin in origins:
        pattern = f"%{origin}%"
        for query in (_FRONTS, _DATA):
            for name, text in connection.execute(query, (pattern,)):
                yield from ((url, Location(name)) for _, url in _picture_urls(text))
        for name, text in connection.execute(_TEMPLATES, (pattern,)):
            for start, url in _picture_urls(text):
                yield url, Location(name, text.count("\n", 0, start) + 1)


def _in_texts(
    connection: sqlite3.Connection, texts: Texts, origins: Sequence[bytes]
) -> Iterator[tuple[str, Location]]:
    digest, block, has_any = "", b"", False
    for source, its_digest, start, length, line in connection.execute(_BODIES):
        if its_digest != digest:
            digest, block = its_digest, texts.block(its_digest)
            has_any = any(origin in block for origin in origins)
        part = block[start : start + length] if has_any else b""
        if any(origin in part for origin in origins):
            text = part.decode()
            for place, url in image_urls(text):
                yield url, Location(f"content/{source}", line + text.count("\n", 0, place))


def image_urls(text: str) -> Iterator[tuple[int, str]]:
    """The URLs of images in Markdown, each with its place."""
    text = _FENCED.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    has_references = bool(_REFERENCE.search(text))
    for found in _IMAGE.finditer(text):
        group = found.lastindex or 0
        if group < 3 or has_references:
            yield found.start(group), found[group].replace("&amp;", "&")


def _picture_urls(text: str) -> Iterator[tuple[int, str]]:
    """URLs of a text whose paths have the suffix of a picture, each with its place."""
    for found in _URL.finditer(text):
        path = urlsplit(found[0]).path
        if PurePosixPath(path).suffix.lower() in SUFFIXES:
            yield found.start(), found[0]
