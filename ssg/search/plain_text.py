"""Extracts the visible text of Markdown, well enough for search.

A text is not parsed, which would take as long as rendering it. Link targets, tags and shortcodes
are removed by patterns, except in code.
"""

from __future__ import annotations

import html
import re

EXCERPT = 160
"""The length of the excerpt of a page without a description, in characters."""
_ENOUGH = 3 * EXCERPT

_FENCE = "\n```"
_TARGET = re.compile(r"\]\([^()\s]*(?:\s+\"[^\"\n]*\")?\)?")
_DEFINITION = re.compile(r"^ {0,3}\[[^\]^][^\]\n]*\]:[ \t]*\S*", re.M)
_MARKUP = re.compile(
    r"(`[^`\n]+`)"  # code stays
    r"|<!--.*?-->|</?[a-z][a-z0-9-]*(?:\s[^<>]*)?/?>"
    r"|\{\{[^\n]*?\}\}|\{%[^\n]*?%\}|\{[#.][^{}\n]*\}",
    re.I | re.S,
)
_SIGNS = re.compile(
    r"\[\^[^\]\s]+\]|[*`~\[\]|]|(?<!\w)_|_(?!\w)|^[ \t]*(?:[-+>]|\d+[.)])[ \t]", re.M
)


def plain(markdown: str) -> str:
    """The text without link targets, tags and shortcodes."""
    code = "\n" + markdown
    parts = code.split(_FENCE)
    parts[::2] = map(_prose, parts[::2])
    return _FENCE.join(parts)


def headings(text: str) -> str:
    """The headings in a result of `plain`."""
    return "\n".join(
        rest.partition("\n")[0]
        for part in text.split(_FENCE)[::2]
        for rest in part.split("\n#")[1:]
    )


def excerpt(text: str) -> str:
    """The first sentences in a result of `plain`, without headings."""
    lines: list[str] = []
    for line in text.partition(_FENCE)[0].split("\n"):
        if line and not line.startswith("#"):
            lines.append(line)
        if sum(map(len, lines)) > _ENOUGH:
            break
    return shortened(" ".join(_SIGNS.sub("", "\n".join(lines)).split()))


def shortened(text: str) -> str:
    """A text cut to the length of an excerpt, between words if possible."""
    if len(text) <= EXCERPT:
        return text
    cut = text[:EXCERPT].rfind(" ")
    return text[: cut if cut > EXCERPT // 2 else EXCERPT].rstrip(",;:. ") + "…"


def _prose(part: str) -> str:
    if "](" in part:
        part = _TARGET.sub("]", part)
    if "]:" in part:
        part = _DEFINITION.sub("", part)
    if "<" in part or "{" in part:
        part = _MARKUP.sub(r"\1 ", part)
    return html.unescape(part) if "&" in part else part
