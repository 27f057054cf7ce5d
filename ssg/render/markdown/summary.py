"""Summaries cut from a text: the part before the marker, or the first paragraph.

Which of them is the summary of a page, or a text of its front matter, is decided by
`ssg.render.views.page`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ssg.render.markdown.page_state import Token

SUMMARY_MARKERS = ("<!-- more -->", "<!--more-->")
"""Either of them ends the summary of a page."""

_HEADING_ID = re.compile(r'(<h[1-6][^>]*?) id="[^"]*"')
_NOTE_REFERENCE = re.compile(r'<sup class="footnote-ref".*?</sup>')


def text_before_marker(html: str) -> str:
    """The part of a page before the summary marker, without links into the rest; '' if none."""
    for form in SUMMARY_MARKERS:
        head, marker, _ = html.partition(form)
        if marker:
            is_open = head.rfind("<p>") > head.rfind("</p>")
            return excerpt(head.rstrip() + ("</p>" if is_open else ""))
    return ""


def first_paragraph(tokens: Sequence[Token], pieces: Sequence[str]) -> str:
    """The first paragraph of a text, from its tokens and the HTML of each."""
    paragraphs = (p for t, p in zip(tokens, pieces, strict=True) if t["type"] == "paragraph")
    return excerpt(next(paragraphs, "").rstrip())


def excerpt(html: str) -> str:
    """Remove references of footnotes, which a list does not show, and ids, which would repeat."""
    return _HEADING_ID.sub(r"\1", _NOTE_REFERENCE.sub("", html))
