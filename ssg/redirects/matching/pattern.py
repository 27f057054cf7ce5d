"""The path of a rule, `from`, compiled to a pattern for decoded URL paths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from ssg.redirects.rule import SPLAT

PLACEHOLDER = None
"""Matches any one segment."""

PathSegments = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class PathPattern:
    """The paths that a rule matches.

    Case is significant; a trailing slash is not, in the rule or in the request. `/docs/*` matches
    `/docs`, `/docs/` and every path below; `/doc*` matches every path that starts with `/doc`.
    """

    segments: PathSegments
    """The segments of the pattern, decoded, without the splat."""
    is_open: bool
    """Whether a splat ends the pattern, so that it matches every path below."""
    stem: str | None
    """`doc` of `/x/doc*`: the start of the next segment."""
    names: tuple[str, ...]
    """The names of the placeholders, in order; a splat comes last, as `splat`."""
    regex: re.Pattern[str]

    @property
    def literal(self) -> str | None:
        """The only path that matches, without a trailing slash; None if there are several."""
        if self.is_open or PLACEHOLDER in self.segments:
            return None
        return "".join(f"/{segment}" for segment in self.segments)

    def match(self, path: str) -> dict[str, str] | None:
        """The values of the placeholders in a decoded path, or None if it does not match."""
        found = self.regex.fullmatch(path)
        if found is None:
            return None
        values = (value or "" for value in found.groups())
        # A name that occurs twice keeps its first value.
        return dict(reversed(list(zip(self.names, values, strict=True))))

    def matches(self, path: str) -> bool:
        """Whether the rule matches a decoded path."""
        return self.regex.fullmatch(path) is not None


@lru_cache(maxsize=65536)
def compile_path(from_path: str) -> PathPattern:
    """Compile the path of a rule: `/blog/:year/*`. `/:year*` has one placeholder, and no splat."""
    folders = from_path.split("/")[1:]
    last = folders.pop() if folders else ""
    is_open = last.endswith(SPLAT) and not _is_placeholder(last)
    stem = unquote(last[: -len(SPLAT)]) if is_open else None
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
    """Whether `wide` matches every path that `narrow` matches."""
    if not wide.is_open:
        same_end = not narrow.is_open and len(narrow.segments) == len(wide.segments)
        return same_end and _segments_cover(wide.segments, narrow.segments)
    depth = len(wide.segments)
    if len(narrow.segments) < depth or not _segments_cover(wide.segments, narrow.segments[:depth]):
        return False
    return wide.stem is None or _next_segment(narrow, depth).startswith(wide.stem)


def overlaps(one: PathPattern, other: PathPattern) -> bool:
    """Whether some path matches both. May be true in error for `/doc*`, which counts as `/*`."""
    shorter, longer = sorted((one, other), key=lambda pattern: len(pattern.segments))
    depth = len(shorter.segments)
    if not _segments_overlap(shorter.segments, longer.segments[:depth]):
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


def _segments_cover(wide: PathSegments, narrow: PathSegments) -> bool:
    return all(a is PLACEHOLDER or a == b for a, b in zip(wide, narrow, strict=True))


def _segments_overlap(one: PathSegments, other: PathSegments) -> bool:
    return all(
        a is PLACEHOLDER or b is PLACEHOLDER or a == b for a, b in zip(one, other, strict=True)
    )


def _next_segment(pattern: PathPattern, depth: int) -> str:
    """The text with which the segment at `depth` starts in every path of the pattern."""
    if depth < len(pattern.segments):
        return pattern.segments[depth] or ""
    return pattern.stem or ""
