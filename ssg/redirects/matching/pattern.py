"""The path of a rule, `from`, compiled to a pattern for decoded URL paths."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from ssg.redirects.rule import SPLAT

PLACEHOLDER = None
"""Matches any one segment."""

PathSegments = tuple[str | None, ...]
SegmentTest = tuple[str | None, bool]
"""A text, and whether segments only start with it; PLACEHOLDER stands for any one that is not
empty."""


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
    """Whether some path matches both."""
    return any(
        _prefixes_overlap(*ours, *theirs) for ours in _prefixes(one) for theirs in _prefixes(other)
    )


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


def _prefixes(pattern: PathPattern) -> Iterator[tuple[list[SegmentTest], bool]]:
    """What the segments of a path must be, and whether any others may follow.

    A path ends with an empty segment if it ends with a slash. Encoded slashes of a pattern separate
    segments, too. The last segment of `/doc*` is a start.
    """
    segments: list[SegmentTest] = []
    for segment in pattern.segments:
        parts = [PLACEHOLDER] if segment is PLACEHOLDER else segment.split("/")
        segments += [(part, False) for part in parts]
    if pattern.stem is not None:
        *folders, start = pattern.stem.split("/")
        yield [*segments, *((folder, False) for folder in folders), (start, True)], True
        return
    if segments or pattern.is_open:
        yield segments, pattern.is_open
    if not pattern.is_open:
        yield [*segments, ("", False)], False


def _prefixes_overlap(
    one: list[SegmentTest], one_is_open: bool, other: list[SegmentTest], other_is_open: bool
) -> bool:
    longer_fits = (one_is_open or len(one) >= len(other)) and (
        other_is_open or len(other) >= len(one)
    )
    return longer_fits and all(map(_segments_overlap, one, other))


def _segments_overlap(one: SegmentTest, other: SegmentTest) -> bool:
    """Whether some segment passes both tests."""
    (text, is_start), (other_text, other_is_start) = one, other
    if text is PLACEHOLDER or other_text is PLACEHOLDER:
        # A placeholder is not empty; a start can be extended.
        return (text, is_start) != ("", False) != (other_text, other_is_start)
    if is_start and other_is_start:
        return text.startswith(other_text) or other_text.startswith(text)
    if is_start:
        return other_text.startswith(text)
    return text.startswith(other_text) if other_is_start else text == other_text


def _next_segment(pattern: PathPattern, depth: int) -> str:
    """The text with which the segment at `depth` starts in every path of the pattern."""
    if depth < len(pattern.segments):
        return pattern.segments[depth] or ""
    return pattern.stem or ""
