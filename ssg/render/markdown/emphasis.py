"""Emphasis from runs of `*` and `_`, in linear time.

This is the algorithm of CommonMark ("An algorithm for parsing nested emphasis and links"): each run
that may close emphasis looks for the nearest one before it that may open it. mistune does the same
on lists, in which used runs stay and each pair moves the rest, so that a text of n runs may take n²
steps. Here runs and tokens are linked lists: what is between a pair is taken out once, and a search
that finds nothing is not repeated (`bottoms`).

The tokens are those that mistune makes, up to the limit of nesting. A pair beyond it is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mistune.core import token_depth

from ssg.render.markdown.page_state import Token

_PIECE = re.compile(r"\*+|_+|[^*_]+")
_REFERENCE_END = re.compile(r"#[0-9]{1,7};|#[xX][0-9a-fA-F]+;|[^\t\n\f <&#;]{1,32};")


@dataclass(slots=True)
class _Part:
    token: Token
    next: _Part | None = None
    depth: int = 0
    """How deep the token nests others."""


@dataclass(slots=True)
class _Run:
    part: _Part
    marker: str
    order: int
    size: int
    """The number of marks in the text."""
    length: int
    """The number of marks that are not used yet."""
    can_open: bool
    can_close: bool
    before: _Run | None = None
    after: _Run | None = None


def join_emphasis(tokens: list[Token], max_depth: int) -> list[Token]:
    """Replace runs of `*` and `_` in the text tokens of a line or link by emphasis."""
    if len(tokens) > 1:
        tokens = _merged(tokens, keep_modes=True)
    for token in tokens:
        if max_depth > 0 and token["type"] == "text" and _may_contain_runs(token):
            first, run = _split(tokens)
            _match_runs(run, max_depth)
            return _merged((part.token for part in _chain(first)), keep_modes=False)
    return [_cleaned(token) for token in tokens]


def _may_contain_runs(token: Token) -> bool:
    """Tell whether the text of a token contains marks that are not escaped."""
    raw = token["raw"]
    return ("*" in raw or "_" in raw) and bool(token.get("_emphasis", True))


def _merged(tokens: Iterable[Token], *, keep_modes: bool) -> list[Token]:
    """Join neighbouring texts, unless they are escaped or would form a character reference."""
    merged: list[Token] = []
    chunks: list[str] = []
    mode = True
    for token in tokens:
        if token["type"] != "text":
            if chunks:
                merged.append(_text(chunks, mode))
                chunks = []
            merged.append(token if keep_modes else _cleaned(token))
            continue
        raw: str = token["raw"]
        own_mode = token.get("_emphasis", True) or not keep_modes
        if chunks and (own_mode != mode or (chunks[-1][-1:] == "&" and _REFERENCE_END.match(raw))):
            merged.append(_text(chunks, mode))
            chunks = []
        mode = own_mode
        if raw or keep_modes:
            chunks.append(raw)
    if chunks:
        merged.append(_text(chunks, mode))
    return merged


def _text(chunks: list[str], mode: bool) -> Token:
    token: Token = {"type": "text", "raw": "".join(chunks)}
    if not mode:
        token["_emphasis"] = False
    return token


def _cleaned(token: Token) -> Token:
    """Return a token without mistune's keys that end with this step."""
    if "_emphasis" not in token and "_autolink" not in token:
        return token
    return {key: token[key] for key in token if key not in {"_emphasis", "_autolink"}}


# -- runs ------------------------------------------------------------------------------------------


def _split(tokens: list[Token]) -> tuple[_Part, _Run | None]:
    """Split texts at runs. Return the first part and the first run that may open or close."""
    source = "".join(map(_source, tokens))
    head = last = _Part({})
    first: _Run | None = None
    last_run: _Run | None = None
    order = start = 0
    for token in tokens:
        if token["type"] != "text" or not _may_contain_runs(token):
            depth = token_depth([token]) if "children" in token else 0
            last.next = last = _Part(_cleaned(token), depth=depth)
            start += len(_source(token))
            continue
        for piece in _PIECE.findall(token["raw"]):
            last.next = last = _Part({"type": "text", "raw": piece})
            if piece[0] in "*_" and (run := _run(last, piece, source, start, order)):
                order += 1
                run.before = last_run
                if last_run:
                    last_run.after = run
                first, last_run = first or run, run
            start += len(piece)
    return head.next or head, first


def _source(token: Token) -> str:
    """Return the characters by which the neighbours of a run are judged."""
    if token["type"] == "text":
        raw: str = token["raw"]
        return raw
    return "\n" if token["type"] in {"softbreak", "linebreak"} else "\ufffc"


def _run(part: _Part, marks: str, source: str, start: int, order: int) -> _Run | None:
    before = source[start - 1] if start else "\n"
    after = source[start + len(marks) : start + len(marks) + 1] or "\n"
    if marks[0] == "_" and before.isalnum() and after.isalnum():
        return None
    can_open, can_close = _is_flanking(before, after), _is_flanking(after, before)
    if not can_open and not can_close:
        return None
    return _Run(part, marks[0], order, len(marks), len(marks), can_open, can_close)


def _is_flanking(outside: str, inside: str) -> bool:
    """Tell whether a run between the two characters belongs to the one that is inside."""
    if inside.isspace():
        return False
    return inside.isalnum() or outside.isspace() or not outside.isalnum()


def _match_runs(first: _Run | None, max_depth: int) -> None:
    bottoms: dict[tuple[str, int, bool], int] = {}
    closer = first
    while closer:
        if not closer.can_close:
            closer = closer.after
            continue
        key = closer.marker, closer.size % 3, closer.can_open
        opener = _find_opener(closer, bottoms.get(key, 0))
        if opener is None or not _wrap(opener, closer, max_depth):
            bottoms[key] = closer.order
            closer = closer.after
        else:
            closer = _used(opener, closer)


def _find_opener(closer: _Run, bottom: int) -> _Run | None:
    opener = closer.before
    while opener and opener.order >= bottom:
        if opener.can_open and opener.marker == closer.marker and _can_match(opener, closer):
            return opener
        opener = opener.before
    return None


def _can_match(opener: _Run, closer: _Run) -> bool:
    """Apply the rule of three, for runs that may both open and close."""
    if not opener.can_close and not closer.can_open:
        return True
    return (opener.size + closer.size) % 3 != 0 or opener.size % 3 == closer.size % 3 == 0


def _wrap(opener: _Run, closer: _Run, max_depth: int) -> bool:
    """Put what is between two runs into emphasis, unless it is nested too deep."""
    inside = list(_chain(opener.part.next, closer.part))
    depth = max(part.depth for part in inside)
    if depth >= max_depth:
        return False
    used = 2 if opener.length > 1 and closer.length > 1 else 1
    kind = "strong" if used == 2 else "emphasis"
    token = {"type": kind, "children": [part.token for part in inside]}
    opener.part.next = _Part(token, closer.part, depth + 1)
    for run in (opener, closer):
        run.length -= used
        run.part.token["raw"] = run.marker * run.length
    return True


def _used(opener: _Run, closer: _Run) -> _Run | None:
    """Take the runs between a pair, and used ones, out of the list. Return the next closer."""
    before = opener if opener.length else opener.before
    after = closer if closer.length else closer.after
    if before:
        before.after = after
    if after:
        after.before = before
    return opener if opener.length else after


def _chain(part: _Part | None, end: _Part | None = None) -> Iterator[_Part]:
    while part and part is not end:
        yield part
        part = part.next
