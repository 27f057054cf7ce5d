"""HTML blocks. In kramdown and Python-Markdown they end with the closing tag, in CommonMark with a
blank line. Without blank lines inside, both read the same.
"""

from __future__ import annotations

import re
import textwrap

from ssg.importers.markup.outside_code import map_outside_blocks

_BLOCK = (
    "address|article|aside|blockquote|center|details|dialog|div|dl|fieldset|figure|footer|form|"
    "h[1-6]|header|iframe|main|menu|nav|ol|p|section|table|ul|noscript|video|audio|picture|script|"
    "style|pre|svg"
)
_OPENING = re.compile(rf"^ {{0,3}}<({_BLOCK})\b[^>]*>", re.I | re.M)
_MARKDOWN = re.compile(r"""\s+markdown(?:=["']?(?:1|block|span|true)["']?)?(?=[\s>])""", re.I)
_VERBATIM = re.compile(r"<(pre|script|style|textarea)\b.*?</\1\s*>", re.I | re.S)
_BLANK = re.compile(r"\n(?:[ \t]*\n)+")


def join_blocks(text: str) -> str:
    """Remove the blank lines inside the HTML blocks of a text."""
    if "<" not in text:
        return text
    return map_outside_blocks(text, 1, lambda prose, _: _joined(prose), indented=False)


def only_html(text: str) -> str:
    """Prepare a text that is HTML without any Markdown."""
    body = _without_blank_lines(text.strip("\n"))
    is_block = _OPENING.match(body)
    return f"{body}\n" if is_block or not body else f"<div>\n{body}\n</div>\n"


def _joined(prose: str) -> str:
    parts: list[str] = []
    position = 0
    while match := _OPENING.search(prose, position):
        end = _end(prose, match)
        if end is None:
            parts.append(prose[position : match.end()])
            position = match.end()
            continue
        parts += [prose[position : match.start()], _block(prose[match.start() : end], match[0])]
        position = end
    return "".join([*parts, prose[position:]])


def _block(html: str, opening: str) -> str:
    if not _MARKDOWN.search(opening):
        return _without_blank_lines(html)
    closing = html.rfind("</")
    inner = textwrap.dedent(html[len(opening) : closing]).strip("\n")
    return f"{_MARKDOWN.sub('', opening)}\n\n{_joined(inner)}\n\n{html[closing:]}"


def _end(prose: str, opening: re.Match[str]) -> int | None:
    """The end of the element that begins at `opening`; None if it is not closed."""
    if opening[0].endswith("/>"):
        return None
    depth = 0
    for tag in re.finditer(rf"<(/?){opening[1]}\b[^>]*?(/?)>", prose[opening.start() :], re.I):
        depth += -1 if tag[1] else 0 if tag[2] else 1
        if depth == 0:
            return opening.start() + tag.end()
    return None


def _without_blank_lines(html: str) -> str:
    """Remove blank lines. Inside preformatted text, a comment fills them instead."""
    parts: list[str] = []
    position = 0
    for match in _VERBATIM.finditer(html):
        filled = match[0]
        if match[1].lower() in {"pre", "textarea"}:
            filled = _BLANK.sub(lambda gap: "\n<!-- -->" * (gap[0].count("\n") - 1) + "\n", filled)
        else:
            filled = _BLANK.sub("\n", filled)
        parts += [_BLANK.sub("\n", html[position : match.start()]), filled]
        position = match.end()
    return "".join([*parts, _BLANK.sub("\n", html[position:])])
