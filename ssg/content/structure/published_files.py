"""Prepares copied files for publishing: minifies, hashes, and fingerprints them."""

from __future__ import annotations

import importlib
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ssg.config.schema import MINIFIER
from ssg.content.inputs.render_inputs import RenderInputs
from ssg.content.structure.assets import FileCopy, file_digests
from ssg.fingerprint.file_facts import FileFacts
from ssg.model.errors import Location, Problem
from ssg.model.glob import compile_glob
from ssg.model.settings import AssetSettings

_HASH_NAMES = re.compile(r"\b(cachebust|get_file_hash|get_integrity)\b")
_CACHEBUST = re.compile(r"\bcachebust\b")
_HASH_DIGITS = 10
_SCRIPT = "application/javascript"
_MEDIA_TYPES = {".css": "text/css", ".js": _SCRIPT, ".mjs": _SCRIPT}

SvgSanitizer = Callable[[bytes], bytes | str]
"""Returns a drawing without scripts; a text says why there is none."""


@dataclass(frozen=True, slots=True)
class PublishedFiles:
    """The files to copy, and what templates can ask about them."""

    copies: tuple[FileCopy, ...]
    digests: Mapping[str, str]
    """The SHA-384 of each file, by its destination."""
    fingerprinted: Mapping[str, str] = field(default_factory=dict)
    """Destination of a file -> destination of its copy with a hash in the name."""
    is_known_to_pages: bool = False

    def insert(self, connection: sqlite3.Connection) -> None:
        """Insert the files, if a template or hook may ask about them."""
        if self.is_known_to_pages:
            rows = (
                ("/" + place, digest, _path(self.fingerprinted.get(place)))
                for place, digest in self.digests.items()
                if place not in self.fingerprinted.values()
            )
            connection.executemany("INSERT INTO published VALUES (?, ?, ?)", rows)


def prepare_files(
    copies: Iterable[FileCopy],
    settings: AssetSettings,
    inputs: RenderInputs,
    facts: Mapping[str, FileFacts | str],
    problems: list[Problem],
    sanitize_svg: SvgSanitizer | None = None,
) -> PublishedFiles:
    """Minify, sanitise and hash files. Add fingerprinted copies if a template asks for one."""
    ready = tuple(_minified(copy, settings, problems) for copy in copies)
    if sanitize_svg:
        ready = tuple(_sanitized(copy, sanitize_svg, problems) for copy in ready)
    hashes = file_digests(ready, facts, problems)
    fingerprinted: dict[str, str] = {}
    if inputs.mention(_CACHEBUST):
        globs = [compile_glob(glob) for glob in settings.fingerprint]
        fingerprinted = {
            copy.destination: _with_hash(copy.destination, hashes[copy.destination])
            for copy in ready
            if copy.destination in hashes and any(g.fullmatch(copy.destination) for g in globs)
        }
    return PublishedFiles(
        copies=(*ready, *_fingerprinted_copies(ready, fingerprinted)),
        digests={**hashes, **{name: hashes[place] for place, name in fingerprinted.items()}},
        fingerprinted=fingerprinted,
        is_known_to_pages=inputs.mention(_HASH_NAMES),
    )


def _fingerprinted_copies(
    copies: Iterable[FileCopy], names: Mapping[str, str]
) -> Iterator[FileCopy]:
    for copy in copies:
        if copy.destination in names:
            yield replace(copy, destination=names[copy.destination])


def _with_hash(place: str, digest: str) -> str:
    """`a/style.css` -> `a/style.0123456789.css`. In the same folder, relative links still work."""
    folder, slash, name = place.rpartition("/")
    stem, dot, suffix = name.rpartition(".")
    stem, suffix = (stem, suffix) if dot else (name, "")
    return f"{folder}{slash}{stem}.{digest[:_HASH_DIGITS]}{dot}{suffix}"


def _path(place: str | None) -> str | None:
    return f"/{place}" if place else None


def _minified(copy: FileCopy, settings: AssetSettings, problems: list[Problem]) -> FileCopy:
    suffix = copy.source.suffix
    wanted = settings.minify_css if suffix == ".css" else settings.minify_js
    if not wanted or suffix not in _MEDIA_TYPES or copy.source.stem.endswith(".min"):
        return copy
    # Imported here because it takes 11 ms, and few sites minify.
    minifier: Any = importlib.import_module(MINIFIER)
    try:
        text = minifier.string(_MEDIA_TYPES[suffix], copy.source.read_text("utf-8-sig"))
    except (minifier.MinifyError, UnicodeDecodeError, OSError) as error:
        first = str(error).partition("\n")[0]
        problems.append(Problem(f"cannot be minified: {first}", Location(copy.destination)))
        return copy
    return replace(copy, content=text.encode())


def _sanitized(copy: FileCopy, sanitize: SvgSanitizer, problems: list[Problem]) -> FileCopy:
    """The copy of a drawing, without what could run or load something."""
    if copy.source.suffix.lower() != ".svg":
        return copy
    try:
        content = sanitize(copy.source.read_bytes())
    except OSError:  # `file_digests` reports it
        return copy
    if isinstance(content, str):
        problems.append(Problem(f"cannot be sanitised: {content}", Location(copy.destination)))
        return copy
    return replace(copy, content=content)
