"""Attribute lists: `{#id .class key="value"}` of headings, and those of code blocks.

Behind a code block's language both forms are read: `{linenos=true, hl_lines="1 3-5"}` and
`title="a.py"`.
"""

from __future__ import annotations

import re

Attributes = dict[str, str]

_VALUE = r""""[^"\n]*"|'[^'\n]*'|\[[^\]\n]*\]|[^\s,"'{}=]+"""
_ITEM = re.compile(
    rf"""[#](?P<id>[^\s#.{{}}"'<>=,]+)|\.(?P<class>[^\s#.{{}}"'<>=,]+)"""
    rf"""|(?P<key>[A-Za-z_][A-Za-z0-9_:-]*)(?:[ ]*=[ ]*(?P<value>{_VALUE}))?"""
)
_GAP = re.compile(r"[\s,]*")
_TRAIL = re.compile(r"(?:^|[ \t]+|(?<=[^\\{]))\{([^{}\n]*)\}[ \t]*$")
_LANGUAGE = re.compile(r"[^\s{,=]+(?![^\s{,]*=)")


def split_heading(text: str) -> tuple[str, Attributes]:
    """A heading's text and its attributes. Braces that hold anything else are text."""
    match = _TRAIL.search(text)
    attributes = _read(match[1]) if match else None
    if not match or not attributes:
        return text, {}
    return text[: match.start()].rstrip(), attributes


def split_info(info: str) -> tuple[str, Attributes]:
    """The language of a code block and its attributes; what is no attribute is passed over."""
    match = _LANGUAGE.match(info)
    language = match[0] if match else ""
    rest = info[len(language) :].strip().removeprefix("{").removesuffix("}")
    attributes = (_read(rest, lenient=True) or {}) if rest else {}
    if "linenums" in attributes:  # as MkDocs' users write it
        attributes = {"linenos": "true", "linenostart": attributes["linenums"], **attributes}
    return language, attributes


def _read(text: str, *, lenient: bool = False) -> Attributes | None:
    """The attributes of a list, or None if something in it is none.

    Where that is no matter, a bare key is one, too: `linenos`.
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
        _note(attributes, match)
        position = _end_of_gap(text, match.end())
        if position == match.end() < len(text) and text[position] not in "#." and not lenient:
            return None
    return attributes


def _is_complete(match: re.Match[str]) -> bool:
    return not match["key"] or match["value"] is not None


def _note(attributes: Attributes, match: re.Match[str]) -> None:
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
