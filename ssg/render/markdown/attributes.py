"""Attribute lists of headings and code blocks: `{#id .class key="value"}`.

After the language of a code block, braces are optional: `{linenos=true, hl_lines="1 3-5"}` or
`title="a.py"`.
"""

from __future__ import annotations

import re

Attributes = dict[str, str]

_VALUE = r""""[^"\n]*"|'[^'\n]*'|\[[^\[\]\n]*\]|[^\s,"'{}=]+"""
_ITEM = re.compile(
    rf"""[#](?P<id>[^\s#.{{}}"'<>=,]+)|\.(?P<class>[^\s#.{{}}"'<>=,]+)"""
    rf"""|(?P<key>[A-Za-z_][A-Za-z0-9_:-]*)(?:[ ]*=[ ]*(?P<value>{_VALUE}))?"""
)
_GAP = re.compile(r"[\s,]*")
_LANGUAGE = re.compile(r"[^\s{,=]++(?![^\s{,]*=)")


def split_heading(text: str) -> tuple[str, Attributes]:
    """Split a heading into text and attributes. Braces with anything else are text."""
    line = text.removesuffix("\n").rstrip(" \t")
    start = line.rfind("{")
    inside = line[start + 1 : -1]
    if start < 0 or line[-1] != "}" or line[max(0, start - 1)] == "\\" or "}" in inside:
        return text, {}
    if "\n" in inside or line[:start].endswith("{"):
        return text, {}
    attributes = _read(inside)
    return (text[:start].rstrip(), attributes) if attributes else (text, {})


def split_info(info: str) -> tuple[str, Attributes]:
    """Split the info string of a code block into language and attributes; skip anything else."""
    match = _LANGUAGE.match(info)
    language = match[0] if match else ""
    rest = info[len(language) :].strip().removeprefix("{").removesuffix("}")
    attributes = (_read(rest, lenient=True) or {}) if rest else {}
    if "linenums" in attributes:  # the spelling of MkDocs
        attributes = {"linenos": "true", "linenostart": attributes["linenums"], **attributes}
    return language, attributes


def _read(text: str, *, lenient: bool = False) -> Attributes | None:
    """Read a list of attributes. Return None if it contains anything else.

    `lenient` skips anything else instead, and accepts a key without a value: `linenos`.
    """
    attributes: Attributes = {}
    position = _end_of_gap(text, 0)
    while position < len(text):
        match = _ITEM.match(text, position)
        if match is None or not (lenient or _is_complete(match)):
            if not lenient:
                return None
            position += 1
            continue
        _add(attributes, match)
        position = _end_of_gap(text, match.end())
        if position == match.end() < len(text) and text[position] not in "#." and not lenient:
            return None
    return attributes


def _is_complete(match: re.Match[str]) -> bool:
    return not match["key"] or match["value"] is not None


def _add(attributes: Attributes, match: re.Match[str]) -> None:
    if match["class"]:
        attributes["class"] = f"{attributes.get('class', '')} {match['class']}".strip()
    elif match["id"]:
        attributes["id"] = match["id"]
    else:
        value = match["value"]
        quoted = value and value[0] in "\"'["
        attributes[match["key"]] = "true" if value is None else value[1:-1] if quoted else value


def _end_of_gap(text: str, position: int) -> int:
    match = _GAP.match(text, position)
    return match.end() if match else position
