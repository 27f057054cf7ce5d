"""The `from` of a rule as a pattern over decoded URL paths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from ssg.redirects.rule import SPLAT

PLACEHOLDER = None
"""Stands for one segment of any text."""

PathSegments = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class PathPattern:
    """Which paths a rule is for.

    A trailing slash makes no difference, neither in the rule nor in the visit, and case does.
    `/docs/*` is for `/docs`, `/docs/` and everything below; `/doc*` for all that starts so.
    """

    segments: PathSegments
    """The folders of the pattern, decoded, without the splat."""
    is_open: bool
    """Whether everything below is meant too."""
    stem: str | None
    """`doc` of `/x/doc*`: how the next segment has to start."""
    names: tuple[str, ...]
    """The placeholders in order; last comes `splat`, where there is one."""
    regex: re.Pattern[str]

    @property
    def literal(self) -> str | None:
        """The one path that is meant, without a trailing slash, or None where there are many."""
        if self.is_open or PLACEHOLDER in self.segments:
            return None
        return "".join(f"/{segment}" for segment in self.segments)

    def match(self, path: str) -> dict[str, str] | None:
        """What the placeholders stand for in `path` (decoded), or None where it does not match."""
        found = self.regex.fullmatch(path)
        if found is None:
            return None
        values = (value or "" for value in found.groups())
        # A name that stands twice keeps its first value.
        return dict(reversed(list(zip(self.names, values, strict=True))))

    def matches(self, path: str) -> bool:
        """Whether the rule is for this decoded path."""
        return self.regex.fullmatch(path) is not None


@lru_cache(maxsize=65536)
def compile_path(from_path: str) -> PathPattern:
    """Compile the path of a rule."""
    folders = from_path.split("/")[1:]
    last = folders.pop() if folders else ""
    stem = unquote(last[: -len(SPLAT)]) if last.endswith(SPLAT) else None
    if stem is None and last:
        folders.append(last)
    names = [folder[1:] for folder in folders if _is_placeholder(folder)]
    return PathPattern(
        segments=tuple(PLACEHOLDER if _is_placeholder(f) else unquote(f) for f in folders),
        is_open=stem is not None,
        stem=stem or None,
        names=(*names, *(["splat"] if stem is not None else [])),
        regex=re.compile("".join(map(_segment_regex, folders)) + _end_regex(stem), re.DOTALL),
    )


def covers(wide: PathPattern, narrow: PathPattern) -> bool:
    """Whether every path of `narrow` is one of `wide`."""
    if not wide.is_open:
        same_end = not narrow.is_open and len(narrow.segments) == len(wide.segments)
        return same_end and _takes(wide.segments, narrow.segments)
    depth = len(wide.segments)
    if len(narrow.segments) < depth or not _takes(wide.segments, narrow.segments[:depth]):
        return False
    return wide.stem is None or _next_segment(narrow, depth).startswith(wide.stem)


def overlaps(one: PathPattern, other: PathPattern) -> bool:
    """Whether some path is one of both. (A stem counts as its folder: it may say yes too often.)"""
    shorter, longer = sorted((one, other), key=lambda pattern: len(pattern.segments))
    depth = len(shorter.segments)
    if not _meet(shorter.segments, longer.segments[:depth]):
        return False
    return shorter.is_open or (len(longer.segments) == depth)


def _is_placeholder(segment: str) -> bool:
    return len(segment) > 1 and segment.startswith(":")


def _segment_regex(segment: str) -> str:
    return "/([^/]+)" if _is_placeholder(segment) else "/" + re.escape(unquote(segment))


def _end_regex(stem: str | None) -> str:
    if stem is None:
        return "/?"
    return f"/{re.escape(stem)}/?(.*)" if stem else "(?:/(.*))?"


def _takes(wide: PathSegments, narrow: PathSegments) -> bool:
    pairs = zip(wide, narrow, strict=True)
    return all(any_text is PLACEHOLDER or any_text == text for any_text, text in pairs)


def _meet(one: PathSegments, other: PathSegments) -> bool:
    return all(
        a is PLACEHOLDER or b is PLACEHOLDER or a == b for a, b in zip(one, other, strict=True)
    )


def _next_segment(pattern: PathPattern, depth: int) -> str:
    """The text that a pattern surely has in the segment at `depth`."""
    if depth < len(pattern.segments):
        return pattern.segments[depth] or ""
    return pattern.stem or ""
