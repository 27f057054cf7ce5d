"""Segments with several placeholders: `{year}-{month}-{slug}`.

A regular expression would try all ways to split a text, which are too many if a visitor writes
many dashes. Here each rest of the text is tried once for each placeholder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Admits = Callable[[str, str], bool]
Known = dict[tuple[int, int], dict[str, str] | None]


def split_segment(parts: Sequence[str], text: str, admits: Admits) -> dict[str, str] | None:
    """The values of the placeholders, the first one as long as possible; None if there are none.

    `parts` are literal texts and names in turn, beginning and ending with a text. `admits` says
    whether a name may have a value.
    """
    before, behind = parts[0], parts[-1]
    if not text.startswith(before) or not text.endswith(behind):
        return None
    return _values(parts[1:-1], text[len(before) : len(text) - len(behind)], admits, {})


def _values(parts: Sequence[str], text: str, admits: Admits, known: Known) -> dict[str, str] | None:
    """The values of names and the texts between them. `known` are those of rests of the text."""
    place = len(parts), len(text)
    if place not in known:
        known[place] = _split(parts, text, admits, known)
    return known[place]


def _split(parts: Sequence[str], text: str, admits: Admits, known: Known) -> dict[str, str] | None:
    name, *others = parts
    if not others:
        return {name: text} if admits(name, text) else None
    between, end = others[0], len(text)
    while (end := text.rfind(between, 1, end)) > 0:
        rest = _values(others[1:], text[end + len(between) :], admits, known)
        if rest is not None and admits(name, text[:end]):
            return {name: text[:end], **rest}
        end += len(between) - 1
    return None
