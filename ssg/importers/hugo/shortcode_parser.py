"""Parses calls of shortcodes in Hugo's texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TAG = re.compile(
    r"\{\{(?P<open>[<%])\s*"
    r"(?:(?P<quoted>/\*.*?\*/)"
    r"|(?P<slash>/)?\s*(?P<name>[\w./-]+?)"
    r"(?P<arguments>\s(?:[^\"`>%]|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|[>%](?!\}\}))*?)?"
    r"\s*(?P<self>/)?)\s*[>%]\}\}",
    re.S,
)
_ARGUMENT = re.compile(
    r"(?:(?P<key>[\w-]+)\s*=\s*)?"
    r"(?:\"(?P<double>(?:[^\"\\]|\\.)*)\"|`(?P<raw>[^`]*)`|(?P<bare>[^\s\"`]+))",
    re.S,
)
_TARGET = re.compile(r"(?:\]\(\s*<?|^ {0,3}\[[^\]\n]+\]:[ \t]*<?)$")
_ESCAPE = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class HugoShortcodeCall:
    """A call. `body` is None without a closing tag. `is_alone`: its lines contain nothing else."""

    name: str
    positional: tuple[str, ...]
    named: dict[str, str]
    body: str | None
    body_line: int
    line: int
    indent: str
    is_alone: bool
    is_target: bool
    """It is the target of a link."""
    source: str

    def get(self, *keys: str | int) -> str:
        """The first argument that is present, by name or by position."""
        for key in keys:
            if isinstance(key, str) and key in self.named:
                return self.named[key]
            if isinstance(key, int) and key < len(self.positional):
                return self.positional[key]
        return ""


def parse_calls(text: str, line: int = 1) -> Iterator[str | HugoShortcodeCall]:
    """Split a text into plain parts and calls. A quoted call, `{{</* x */>}}`, is a plain part."""
    position = 0
    while match := _TAG.search(text, position):
        start = match.start()
        if match["quoted"]:
            yield text[position:start] + _unquoted(match)
            position = match.end()
            continue
        if match["slash"]:  # a closing tag without an opening one
            yield text[position : match.end()]
            position = match.end()
            continue
        yield text[position:start]
        end, body = match.end(), None
        if not match["self"] and (closing := _closing(text, match)):
            body, end = text[match.end() : closing.start()], closing.end()
        yield _call(text, match, body, end, line)
        position = end
    yield text[position:]


def _unquoted(match: re.Match[str]) -> str:
    mark = match["open"]
    inner = match["quoted"][2:-2]
    return f"{{{{{mark}{inner}{'>' if mark == '<' else '%'}}}}}"


def _closing(text: str, opening: re.Match[str]) -> re.Match[str] | None:
    """The tag that closes a call, after nested calls of the same name."""
    depth = 1
    position = opening.end()
    while match := _TAG.search(text, position):
        position = match.end()
        if match["name"] == opening["name"] and not match["self"]:
            depth += -1 if match["slash"] else 1
            if depth == 0:
                return match
    return None if depth == 1 else _first_closing(text, opening)


def _first_closing(text: str, opening: re.Match[str]) -> re.Match[str] | None:
    """The next closing tag, for a shortcode that is called both with and without a body."""
    position = opening.end()
    while match := _TAG.search(text, position):
        position = match.end()
        if match["name"] == opening["name"]:
            return match if match["slash"] else None
    return None


def _call(
    text: str, match: re.Match[str], body: str | None, end: int, line: int
) -> HugoShortcodeCall:
    positional, named = _arguments(match["arguments"] or "")
    before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    after = text[end : text.find("\n", end) if "\n" in text[end:] else len(text)]
    return HugoShortcodeCall(
        name=match["name"],
        positional=positional,
        named=named,
        body=body,
        body_line=line + text.count("\n", 0, match.end()),
        line=line + text.count("\n", 0, match.start()),
        indent=before if not before.strip() else "",
        is_alone=not before.strip() and not after.strip(),
        is_target=bool(_TARGET.search(before)),
        source=match[0],
    )


def _arguments(text: str) -> tuple[tuple[str, ...], dict[str, str]]:
    positional: list[str] = []
    named: dict[str, str] = {}
    for match in _ARGUMENT.finditer(text):
        value = match["raw"] if match["raw"] is not None else match["bare"] or ""
        if match["double"] is not None:
            value = _ESCAPE.sub(r"\1", match["double"])
        if match["key"]:
            named[match["key"]] = value
        else:
            positional.append(value)
    return tuple(positional), named
