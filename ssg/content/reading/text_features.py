"""Features of a Markdown text that tell, before it is rendered, what rendering may do.

They are found once, when a text is read, and stored in the site database as bits. So a build need
not unpack the texts of all deferred pages to find the few that could fail, or the first one that
calls a render hook.
"""

from __future__ import annotations

import re

MAY_FAIL = 1
"""It calls a shortcode, or its code blocks have attributes whose values may be wrong."""
LINKS_TO_SOURCE = 2
"""It may link to a source. This can be wrong: the link may be in a code block."""
_LINK, _IMAGE, _HEADING, _CODE, _QUOTE = 4, 8, 16, 32, 64
RENDER_HOOK_FEATURES = {
    "link": _LINK, "image": _IMAGE, "heading": _HEADING, "code": _CODE, "blockquote": _QUOTE,
}  # fmt: skip
"""It probably calls a render hook; by the name of the hook."""

_CALL = re.compile(r"\{[{%]")
_FENCED = re.compile(r"```[^\n]*")
_TILDED = re.compile(r"~~~[^\n]*")
_CHECKED = re.compile("hl_lines|linen[ou]")
"""Attributes of code blocks with values that may be wrong: `linenos`, `linenostart`, `linenums`."""
_SOURCE = re.compile(r"\][(:]\s*(?:<[^>\n]*|[^)\s]*)(?:@/|\.md)")
"""The beginning of a link that may name a source."""
_PICTURE = re.compile(r"!\[")


def features_of(text: str) -> int:
    """The features of a text, as bits.

    It runs for every text. So it looks for a single character first, which is much faster than a
    regular expression.
    """
    features = 0
    if "{" in text and _CALL.search(text):
        features = MAY_FAIL
    if "`" in text and (fences := _FENCED.findall(text)):
        features |= _CODE | _may_fail(fences)
    if "~" in text and (fences := _TILDED.findall(text)):
        features |= _may_fail(fences)
    if "]" in text:
        if "](" in text:
            features |= _LINK
        if _SOURCE.search(text):
            features |= LINKS_TO_SOURCE
    if "!" in text and _PICTURE.search(text):
        features |= _IMAGE
    if "#" in text:
        features |= _HEADING
    return features | _QUOTE if ">" in text else features


def _may_fail(fences: list[str]) -> int:
    return MAY_FAIL if _CHECKED.search("\n".join(fences)) else 0
