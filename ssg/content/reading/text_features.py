"""Signs of what rendering a text may come to, told from the text alone.

They are looked for once, where a text is read. So nobody has to unpack the texts of all deferred
pages to find the few that could fail, or the first that calls a render hook.
"""

from __future__ import annotations

import re

MAY_FAIL = 1
"""It calls a shortcode, or its code blocks have attributes whose values may be wrong."""
LINKS_TO_SOURCE = 2
"""It may link to a source. That can stand in a code block, so it is no verdict."""
_LINK, _IMAGE, _HEADING, _CODE, _QUOTE = 4, 8, 16, 32, 64
RENDER_HOOK_FEATURES = {
    "link": _LINK, "image": _IMAGE, "heading": _HEADING, "code": _CODE, "blockquote": _QUOTE,
}  # fmt: skip
"""It probably holds what calls a render hook, by the name of that."""

_CALL = re.compile(r"\{[{%]")
_FENCED = re.compile(r"```[^\n]*")
_TILDED = re.compile(r"~~~[^\n]*")
_CHECKED = re.compile("hl_lines|linen[ou]")
"""Attributes of code blocks with values that may be wrong: `linenos`, `linenostart`, `linenums`."""
_SOURCE = re.compile(r"\][(:]\s*(?:<[^>\n]*|[^)\s]*)(?:@/|\.md)")
"""Where a link may begin that names a source."""
_PICTURE = re.compile(r"!\[")


def features_of(text: str) -> int:
    """All signs in a text.

    Written out, and a single character is looked for first: it is asked of every text. A pattern
    that begins with plain characters is found twice as fast as a short text.
    """
    signs = 0
    if "{" in text and _CALL.search(text):
        signs = MAY_FAIL
    if "`" in text and (fences := _FENCED.findall(text)):
        signs |= _CODE | _may_fail(fences)
    if "~" in text and (fences := _TILDED.findall(text)):
        signs |= _may_fail(fences)
    if "]" in text:
        if "](" in text:
            signs |= _LINK
        if _SOURCE.search(text):
            signs |= LINKS_TO_SOURCE
    if "!" in text and _PICTURE.search(text):
        signs |= _IMAGE
    if "#" in text:
        signs |= _HEADING
    return signs | _QUOTE if ">" in text else signs


def _may_fail(fences: list[str]) -> int:
    return MAY_FAIL if _CHECKED.search("\n".join(fences)) else 0
