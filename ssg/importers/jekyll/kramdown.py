"""Converts the markup that only kramdown has (kramdown.gettalong.org, "Syntax")."""

from __future__ import annotations

import re

from ssg.importers.imported_site import ImportNotes, Topic
from ssg.importers.markup.outside_code import LineFinder, map_outside_blocks, map_outside_code

_TOC = re.compile(
    r"^[ \t]*(?:[-*+]|\d+\.)[ \t][^\n]*\n[ \t]*\{:[ \t]*[^}\n]*\btoc\b[^}\n]*\}[ \t]*\n?", re.M
)
_AFTER_HEADING = re.compile(
    r"^(?P<head>#{1,6}[ \t][^\n]*?|[^\n{]+\n(?:=+|-{2,}))[ \t]*\n\{:(?P<list>[^}\n]*)\}[ \t]*$",
    re.M,
)
_IN_HEADING = re.compile(r"^(?P<head>#{1,6}[ \t][^\n]*?)[ \t]*\{:(?P<list>[^}\n]*)\}[ \t]*$", re.M)
_AFTER_QUOTE = re.compile(r"(?P<quote>(?:^>[^\n]*\n)+)\{:(?P<list>[^}\n]*)\}[ \t]*\n?", re.M)
_AFTER_PARAGRAPH = re.compile(
    r"(?P<text>(?:^(?![#>|\-*+`~{<]|\d+\.|[ \t])[^\n]+\n)+)\{:(?P<list>[^}\n]*)\}[ \t]*\n?", re.M
)
_BEFORE = re.compile(
    r"^\{:(?P<list>[ \t]*\.[^}\n]*)\}[ \t]*\n(?P<text>(?:^(?!\{:)[^\n]+\n?)+)", re.M
)
_ANY = re.compile(
    r"^[ \t]*\{:(?P<alone>(?!:)[^}\n]*)\}[ \t]*(?:\n|\Z)|[ \t]*\{:(?P<list>(?!:)[^}\n]*)\}", re.M
)
_EXTENSION = re.compile(
    r"\{::(?P<name>comment|nomarkdown|options)(?P<rest>[^}\n]*?)(?:/\}|\}(?P<body>.*?)\{:/(?:(?P=name))?\})",
    re.S,
)
_BREAK = re.compile(r"^\^[ \t]*$\n?", re.M)
_ITEM = re.compile(r"#(?P<id>[\w:.-]+)|\.(?P<class>[\w-]+)")
_ALERTS = {
    "note": "NOTE", "info": "NOTE", "information": "NOTE", "tip": "TIP", "hint": "TIP",
    "important": "IMPORTANT", "warning": "WARNING", "warn": "WARNING", "caution": "CAUTION",
    "danger": "CAUTION", "notice": "NOTE", "notice--info": "NOTE", "notice--warning": "WARNING",
    "notice--danger": "CAUTION", "notice--success": "TIP", "alert": "WARNING",
    "note-info": "NOTE", "prompt-info": "NOTE", "prompt-tip": "TIP", "prompt-warning": "WARNING",
    "prompt-danger": "CAUTION",
}  # fmt: skip
"""Classes that themes use for call-outs."""


def convert(text: str, origin: str, lines: LineFinder, notes: ImportNotes) -> str:
    """Convert a text of kramdown. `lines` finds lines of the text as it was in the old site."""
    if "{:" not in text and "^" not in text:
        return text
    text = _code_languages(text)
    text = map_outside_blocks(text, 1, lambda prose, _: _blocks(prose, origin, lines, notes))
    return map_outside_code(text, 1, lambda words, _: _drop_attributes(words, origin, lines, notes))


def _code_languages(text: str) -> str:
    """Move the language of a fence from the attribute list after it to the fence."""
    return re.sub(
        r"^(?P<fence>[`~]{3,})[ \t]*\n(?P<code>.*?)^(?P=fence)[ \t]*\n\{:[ \t]*"
        r"\.(?:language-)?(?P<name>[\w+-]+)[^}\n]*\}[ \t]*$",
        lambda m: f"{m['fence']}{m['name']}\n{m['code']}{m['fence']}",
        text,
        flags=re.M | re.S,
    )


def _blocks(prose: str, origin: str, lines: LineFinder, notes: ImportNotes) -> str:
    if toc := _TOC.search(prose):
        what = "a table of contents in the text was removed: the theme shows one"
        notes.add(Topic.MARKUP, what, origin, lines.of(toc[0].strip().split("\n")[-1].strip()))
        prose = _TOC.sub("", prose)
    prose = _EXTENSION.sub(lambda m: (m["body"] or "") if m["name"] == "nomarkdown" else "", prose)
    prose = _AFTER_HEADING.sub(_heading, prose)
    prose = _IN_HEADING.sub(_heading, prose)
    prose = _BEFORE.sub(_call_out, prose)
    prose = _AFTER_QUOTE.sub(_quote, prose)
    return _BREAK.sub("", _AFTER_PARAGRAPH.sub(_call_out, prose))


def _heading(match: re.Match[str]) -> str:
    """Write attributes of a heading as `{#id .class}` after it."""
    listed = " ".join(item[0] for item in _ITEM.finditer(match["list"]))
    first, newline, rest = match["head"].partition("\n")
    return f"{first}{f' {{{listed}}}' if listed else ''}{newline}{rest}"


def _alert_kind(listed: str) -> str:
    names = (item["class"] for item in _ITEM.finditer(listed) if item["class"])
    return next((_ALERTS[name] for name in names if name in _ALERTS), "")


def _call_out(match: re.Match[str]) -> str:
    """Write a paragraph with the class of a call-out as an alert."""
    kind = _alert_kind(match["list"])
    if not kind:
        return match[0]
    lines = match["text"].strip("\n").split("\n")
    return "\n".join(f"> {one}" for one in (f"[!{kind}]", *lines)) + "\n"


def _quote(match: re.Match[str]) -> str:
    kind = _alert_kind(match["list"])
    return f"> [!{kind}]\n{match['quote']}" if kind else match[0]


def _drop_attributes(words: str, origin: str, lines: LineFinder, notes: ImportNotes) -> str:
    """Remove all other attribute lists, with a finding for each."""
    for match in _ANY.finditer(words):
        what = "attributes of a link, an image or a block were not imported"
        notes.add(Topic.MARKUP, what, origin, lines.of(match[0].strip()))
    return _ANY.sub("", words)
