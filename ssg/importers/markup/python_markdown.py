"""Converts the markup of Python-Markdown and PyMdown Extensions, which MkDocs and Pelican use."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from html import escape

from ssg.importers.imported_site import ImportNotes, Topic
from ssg.importers.markup.html_blocks import join_blocks
from ssg.importers.markup.outside_code import LineFinder, map_outside_blocks, map_outside_code

ALERTS = {
    "note": "NOTE", "info": "NOTE", "abstract": "NOTE", "summary": "NOTE", "tldr": "NOTE",
    "seealso": "NOTE", "question": "NOTE", "help": "NOTE", "faq": "NOTE", "example": "NOTE",
    "todo": "NOTE", "tip": "TIP", "hint": "TIP", "success": "TIP", "check": "TIP", "done": "TIP",
    "important": "IMPORTANT", "warning": "WARNING", "attention": "WARNING", "bug": "WARNING",
    "caution": "CAUTION", "danger": "CAUTION", "error": "CAUTION", "failure": "CAUTION",
    "fail": "CAUTION", "missing": "CAUTION",
}  # fmt: skip
_MARK = re.compile(
    r"^(?P<indent>[ \t]*)(?P<mark>!!!|\?\?\?\+?|===[!+]*|///)[ \t]*(?P<kinds>[\w ,.:-]*?)[ \t]*"
    r"(?:\"(?P<title>(?:[^\"\\]|\\.)*)\")?[ \t]*$"
)
_HEADING_ATTRIBUTES = re.compile(
    r"^(#{1,6}[ \t][^\n]*?)[ \t]*\{:?[ \t]*([#.][^}\n]*?)[ \t]*\}[ \t]*#*[ \t]*$", re.M
)
_ATTRIBUTES = re.compile(r"[ \t]*(?<!\$)(?<![\w{])\{:?[ \t]*(?:[#.][\w-]|[\w-]+=|:)[^{}\n]*\}")
_TOC = re.compile(r"^[ \t]*\[TOC\][ \t]*\n?", re.M)
_SHEBANG = re.compile(r"(?:    |\t):::(?P<name>[\w+#.-]+)")
_FENCE_ATTRIBUTES = re.compile(
    r"^(?P<fence>[ \t>]*(?:`{3,}|~{3,}))[ \t]*\{(?P<list>[^}\n]*)\}[ \t]*$", re.M
)
_KEYS = re.compile(r"\+\+([\w\"' -]+(?:\+[\w\"' -]+)*)\+\+")
_MARKED = re.compile(r"==(?=\S)([^=\n]+?)(?<=\S)==")
_INSERTED = re.compile(r"\^\^(?=\S)([^\^\n]+?)(?<=\S)\^\^")
_ICON = re.compile(r"[ \t]?:(?:material|fontawesome|octicons|simple)-[\w-]+:(?:\{[^}\n]*\})?")
_TAB_WIDTH = 4


def convert(text: str, origin: str, lines: LineFinder, notes: ImportNotes) -> str:
    """Convert the markup that only Python-Markdown and its extensions have.

    `lines` finds lines of the text as it was in the old site.
    """
    text = join_blocks(_FENCE_ATTRIBUTES.sub(_fence, text))
    text = _blocks(text, origin, lines, notes)

    def in_prose(prose: str, _: int) -> str:
        for match in _TOC.finditer(prose):
            what = "a table of contents in the text was removed: the theme shows one"
            notes.add(Topic.MARKUP, what, origin, lines.of(match[0].strip()))
        return _HEADING_ATTRIBUTES.sub(r"\1 {\2}", _TOC.sub("", prose))

    def in_words(words: str, _: int) -> str:
        return _words(words, origin, lines, notes)

    return map_outside_code(map_outside_blocks(text, 1, in_prose), 1, in_words)


def _words(words: str, origin: str, lines: LineFinder, notes: ImportNotes) -> str:
    def drop(match: re.Match[str]) -> str:
        before = words[words.rfind("\n", 0, match.start()) + 1 : match.start()]
        if before.startswith("#"):
            return match[0]
        what = "attributes of a link, an image or a block were not imported"
        notes.add(Topic.MARKUP, what, origin, lines.of(match[0].strip()))
        return ""

    def icon(match: re.Match[str]) -> str:
        notes.add(Topic.MARKUP, "an icon was removed", origin, lines.of(match[0].strip()))
        return ""

    found = _ICON.sub(icon, _ATTRIBUTES.sub(drop, words))
    found = _MARKED.sub(r"<mark>\1</mark>", found)
    found = _INSERTED.sub(r"<ins>\1</ins>", found)
    return _KEYS.sub(_keys, found)


def _keys(match: re.Match[str]) -> str:
    names = (name.strip("\"' ") for name in match[1].split("+"))
    return "+".join(f"<kbd>{escape(name.capitalize())}</kbd>" for name in names)


def _fence(match: re.Match[str]) -> str:
    """` ```{.python title="a.py"} ` -> ` ```python {title="a.py"} `."""
    classes = re.findall(r"(?<!\S)\.([\w+#-]+)", match["list"])
    rest = re.sub(r"(?<!\S)[.#][\w+#-]+", "", match["list"]).strip()
    language = next((name for name in classes if name not in {"annotate", "no-copy", "copy"}), "")
    return f"{match['fence']}{language}{f' {{{rest}}}' if rest else ''}"


def _code(name: str, body: list[str]) -> list[str]:
    """A fence for an indented block whose first line is `:::python`."""
    code = textwrap.dedent("\n".join(body)).split("\n")
    return [f"```{name}", *code, "```"]


# -- blocks with an indented body ------------------------------------------------------------------


def _blocks(text: str, origin: str, old: LineFinder, notes: ImportNotes) -> str:
    """Convert call-outs, details and tabs, also nested ones."""
    lines = text.split("\n")
    found: list[str] = []
    position = 0
    fence = ""
    while position < len(lines):
        one = lines[position]
        fence = _open_fence(one, fence)
        code = None if fence else _SHEBANG.match(one)
        match = None if fence else _MARK.match(one)
        if code and not "".join(found[-1:]).strip():
            body, position = _body(lines, position + 1, "")
            found += _code(code["name"], body)
            continue
        if match is None or not _is_block(match):
            found.append(one)
            position += 1
            continue
        body, end = _body(lines, position + 1, match["indent"])
        inner = _blocks("\n".join(body), origin, old, notes)
        if match["mark"].startswith("==="):
            what = "tabs became paragraphs with a title"
            notes.add(Topic.MARKUP, what, origin, old.of(one.strip()))
        if found and found[-1].strip():
            found.append("")
        is_last = end >= len(lines) or not lines[end].strip()
        written = [*_written(match, inner).split("\n"), *([] if is_last else [""])]
        found += [match["indent"] + part if part else part for part in written]
        position = end
    return "\n".join(found)


def _open_fence(line: str, fence: str) -> str:
    """The fence that is open after a line; '' if none is."""
    mark = re.match(r"[ \t>]*(`{3,}|~{3,})", line)
    if fence:
        bare = line.strip().lstrip("> ")
        return "" if bare.startswith(fence) and not bare.strip(fence[0]) else fence
    return mark[1] if mark and not ("`" in mark[1] and "`" in line[mark.end() :]) else ""


def _is_block(match: re.Match[str]) -> bool:
    if match["mark"] == "///":
        return False
    return bool(match["kinds"].strip() or match["title"] is not None)


def _body(lines: list[str], start: int, indent: str) -> tuple[list[str], int]:
    """The lines that are indented further, dedented, and the position after them."""
    width = len(indent.expandtabs(_TAB_WIDTH)) + _TAB_WIDTH
    body: list[str] = []
    position = start
    while position < len(lines):
        one = lines[position].expandtabs(_TAB_WIDTH)
        if one.strip() and len(one) - len(one.lstrip()) < width:
            break
        body.append(one[width:] if one.strip() else "")
        position += 1
    kept = len(body)
    while kept and not body[kept - 1]:
        kept -= 1
    return body[:kept], start + kept if kept else start


def _written(match: re.Match[str], body: str) -> str:
    kinds = [kind for kind in re.split(r"[ ,]+", match["kinds"].strip().lower()) if kind]
    kind = kinds[0] if kinds else "note"
    title = match["title"]
    if match["mark"].startswith("==="):
        return f"**{title or kind}**\n\n{body}"
    if match["mark"].startswith("???"):
        is_open = " open" if match["mark"].endswith("+") else ""
        summary = escape(title or kind.capitalize(), quote=False)
        return f"<details{is_open}>\n<summary>{summary}</summary>\n\n{body}\n\n</details>"
    return "\n".join(_quoted(kind, title, body))


def _quoted(kind: str, title: str | None, body: str) -> Iterator[str]:
    """A call-out as an alert. A kind that ssg does not have becomes its title."""
    alert = ALERTS.get(kind, "NOTE")
    shown = title if title is not None else "" if alert.lower() == kind else kind.capitalize()
    yield f"> [!{alert}]{f' {shown}' if shown else ''}"
    for line in body.strip("\n").split("\n"):
        yield f"> {line}" if line else ">"
