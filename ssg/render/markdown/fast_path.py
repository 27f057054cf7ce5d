r"""A fast path for plain Markdown, in front of mistune's rules.

mistune tries rule after rule, at each line for blocks and at each mark within a line, and joins
emphasis from delimiters at the end. Here one pattern for blocks and one for inlines take the text
that can mean only one thing, and emit the tokens that mistune would emit. Everything else goes to
mistune. So nothing here decides what Markdown means: without it, each page has the same bytes.

Blocks: a line is plain if no block rule can begin at it: it begins with a character that is not a
sign of any, and contains no `|`, which may make it part of a table. Inlines: text runs up to the
next mark, a character that may begin an inline rule. Then follows code, a link, emphasis or the end
of the line, if its form is unambiguous, or else the whole text goes to mistune.

The patterns are written for the rules in `_INLINE_RULES` and `_BLOCK_RULES`. Any other rule names
the characters that may begin it (`start_chars`) when it is registered, and the patterns leave those
characters to mistune. A rule that names none may begin anywhere, which turns the fast path off: a
test fails, but pages are right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from functools import lru_cache
from typing import Any

from mistune import BlockParser, BlockState, Markdown
from mistune.util import escape_url

from ssg.render.markdown.bounds import BoundedBlockParser, BoundedInlineParser
from ssg.render.markdown.page_state import Token

_ANY = r"\s\S"
"""A character class of all characters."""


def _class_of(chars: str | None) -> str:
    """Characters as the inside of a character class; None stands for all of them."""
    return _ANY if chars is None else "".join(map(re.escape, sorted(set(chars))))


def _not_at(chars: str | None) -> str:
    """A pattern that fails at the characters."""
    return "" if chars == "" else f"(?![{_class_of(chars)}])"


# -- blocks ----------------------------------------------------------------------------------------

_BLOCK_RULES = frozenset({
    "fenced_code", "indent_code", "atx_heading", "setex_heading", "thematic_break", "block_quote",
    "list", "ref_link", "raw_html", "block_html", "blank_line", "table", "nptable", "def_list",
    "ref_footnote", "ref_abbr", "block_math", "shortcode_line", "shortcode_block", "plain",
    "plain_list",
})  # fmt: skip
"""Block rules whose signs `_START` leaves out."""

_START = r"""(?:[^\W\d_]|(?![\s\d])[^\x00-\x7f]|["'(!@%&/;,.?)\]}^\\]"""
_START += r"""|\*\*?(?=[^\s*\[])|__?(?=[^\s_])|`(?!``)|[0-9]+(?=[^0-9.)\n|])"""
_START += r"""|\[(?!\^)[^\[\]\\\n|]*(?:\](?!:)|\[))"""
_ITEM = re.compile(r"^[-*+0-9.]+ +(.*\n)", re.M)


def _paragraph_pattern(unless: str) -> str:
    line = rf"{unless}{_START}[^\n|]*"
    return rf"^(?P<plain_text>(?:{line}(?:\n|\Z))+)(?P<plain_gap>\n++(?![ \t\v\f]+\n))?"


def _list_pattern(unless: str) -> str:
    line = rf"{unless}{_START}[^\n|]*"
    return (
        rf"^{unless}(?P<plain_items>(?P<plain_bullet>[-*+])[ ]{{1,4}}{line}\n"
        rf"(?:(?P=plain_bullet)[ ]{{1,4}}{line}\n)*+"
        rf"|1\.[ ]{{1,4}}{line}\n(?:{unless}[0-9]{{1,9}}\.[ ]{{1,4}}{line}\n)*+)"
        r"(?:\Z|\n++(?:\Z|(?=[^\W\d_]|\#{1,6}[ ])))"
    )


class FastBlockParser(BoundedBlockParser):
    """Reads plain paragraphs and lists in one step each."""

    next_paragraph: Callable[[str, int], re.Match[str] | None]

    def __init__(self) -> None:
        super().__init__()
        self._start_chars: dict[str, str] = {}
        self._is_ready = False

    def register(
        self,
        name: str,
        pattern: str | None,
        func: Callable[[Any, re.Match[str], Any], int | None],
        before: str | None = None,
        *,
        start_chars: str | None = None,
    ) -> None:
        """Register a rule. `start_chars` are the characters that may begin a line of it."""
        super().register(name, pattern, func, before)
        if start_chars is not None:
            self._start_chars[name] = start_chars
        if self._is_ready:
            self.prepare()

    def undeclared(self) -> list[str]:
        """Rules that do not say which characters may begin them."""
        known = _BLOCK_RULES | self._start_chars.keys()
        return [name for name in self._methods if name not in known]

    def prepare(self) -> None:
        """Put plain paragraphs and lists in front of the rules that are registered."""
        undeclared = self.undeclared()
        unless = _not_at(None if undeclared else "".join(self._start_chars.values()))
        paragraph = _paragraph_pattern(unless)
        self.next_paragraph = re.compile(paragraph, re.M).match
        super().register("plain", paragraph, _parse_paragraphs, before=self.rules[0])
        super().register("plain_list", _list_pattern(unless), _parse_list, before="list")
        for rules in (self.list_rules, self.block_quote_rules):
            if "plain" not in rules:
                rules.insert(0, "plain")
        self._is_ready = True

    def _parse_indent_code_fast(self, state: BlockState) -> int | None:
        """Check for indented code only where a line is indented."""
        indented = state.src[state.cursor] in " \t"
        return super()._parse_indent_code_fast(state) if indented else None


def _parse_paragraphs(block: FastBlockParser, match: re.Match[str], state: BlockState) -> int:
    more: re.Match[str] | None = match
    while more:
        match = more
        state.add_paragraph(match["plain_text"])
        if match["plain_gap"]:
            state.append_token({"type": "blank_line"})
        more = block.next_paragraph(state.src, match.end())
    return match.end()


def _parse_list(_: BlockParser, match: re.Match[str], state: BlockState) -> int:
    """Items of one line each. A plain line or a heading after a gap ends the list."""
    bullet = match["plain_bullet"]
    items = [
        {"type": "list_item", "children": [{"type": "block_text", "text": text}]}
        for text in _ITEM.findall(match["plain_items"])
    ]
    state.append_token(
        {
            "type": "list",
            "children": items,
            "tight": True,
            "bullet": bullet or ".",
            "attrs": {"depth": state.depth(), "ordered": not bullet},
        }
    )
    return match.end()


# -- inlines ---------------------------------------------------------------------------------------

_INLINE_RULES: Mapping[str, str] = {
    "escape": "\\", "codespan": "`", "emphasis": "*_", "link": "![", "link_close": "]",
    "auto_link": "<", "auto_email": "<", "inline_html": "<", "linebreak": "\n", "softbreak": "\n",
    "strikethrough": "~", "footnote": "[", "shortcode_inline": "{", "math": "$",
}  # fmt: skip
"""Inline rules that `_piece_pattern` is written for, with the characters that may begin them."""


def _piece_pattern(marks: str, unless: str) -> str:
    """Text, and what may follow: code, a link or an image, emphasis, the end of a line.

    The last group is what mistune has to look at. Marks of emphasis are taken where they can only
    open or only close it (CommonMark, "Emphasis and strong emphasis"). Links and emphasis contain
    text and code.
    """
    text = rf"""
    (?: [^{marks}]++
      | {unless} (?:            # a mark that begins nothing here
          ! (?!\[)
        | (?<=[^\W_]) _+ (?=[^\W_])
        | (?<!~) ~ (?!~)
        | (?<!\{{) \{{ (?!\{{)
        | < (?=[ ])
        | \\ (?=[A-Za-z0-9 ])
      )
    )"""
    code = r"` [^`]+ ` (?!`)"
    return rf"""
    ({text}*+)
    (?: {unless} (?:
          ` ([^`]+) ` (?!`)
        | (!?) \[ (?!\^) ((?: {text} | {unless} {code} | {unless} \n )++) \]
          \( ([^\s()<>\\\x00-\x1f\x7f]+) (?: [ ]+ "([^"\\\n\x00]*)" )? \)
        | (?: (?<!\S) (?= [*_]{{1,2}} [^\s*_] ) | (?<=[("']) (?= [*_]{{1,2}} [^\W_] ) )
          (\*{{1,2}}|_{{1,2}}) ((?: [^{marks}]++ | {unless} {code} | {unless} \n )++)
          (?: (?<=[^\W_]) \7 (?= [\s.,;:?!)"'] | \Z ) | (?<=\S) \7 (?= \s | \Z ) )
        | (\n) \s*
      )
      | \Z
      | (?s:(.))
    )"""


_cached_url = lru_cache(maxsize=2048)(escape_url)
_MAX_CACHED_URL = 500
"""The length of URLs that are cached, so that texts of strangers cannot fill the memory."""


class FastInlineParser(BoundedInlineParser):
    """Reads lines without nesting in one step for each piece."""

    _find_mark: Callable[[str], re.Match[str] | None]
    _pieces: Callable[[str], Iterator[re.Match[str]]]

    def __init__(self) -> None:
        super().__init__()
        self._start_chars: dict[str, str] = {}
        self._is_ready = False

    def register(
        self,
        name: str,
        pattern: str | None,
        func: Any,
        before: str | None = None,
        *,
        start_chars: str | Iterable[str] | None = None,
    ) -> None:
        """Register a rule. `start_chars` are the characters that may begin it."""
        chars = None if start_chars is None else tuple(start_chars)
        super().register(name, pattern, func, before, start_chars=chars)
        if chars is not None:
            self._start_chars[name] = "".join(chars)
        if self._is_ready:
            self.prepare()

    def undeclared(self) -> list[str]:
        """Rules that do not say which characters may begin them."""
        known = _INLINE_RULES.keys() | self._start_chars.keys()
        return [name for name in self.rules if name not in known]

    def prepare(self) -> None:
        """Make the patterns for the rules that are registered."""
        marks, foreign = self._marks_and_foreign()
        self._find_mark = re.compile(f"[{_class_of(marks)}]").search
        pattern = _piece_pattern(_class_of(marks), _not_at(foreign))
        self._pieces = re.compile(pattern, re.X).finditer
        self._is_ready = True

    def _marks_and_foreign(self) -> tuple[str | None, str | None]:
        """The characters that may begin a rule, and those that the patterns do not know of."""
        if self.undeclared():
            return None, None
        marks, foreign = set[str](), set[str]()
        for name in self.rules:
            known, declared = _INLINE_RULES.get(name, ""), self._start_chars.get(name, "")
            marks.update(known, declared)
            foreign.update(set(declared) - set(known))
        return "".join(marks), "".join(foreign)

    def __call__(self, s: str, env: MutableMapping[str, Any]) -> list[Token]:
        if not self._find_mark(s):
            return [{"type": "text", "raw": s}] if s else []
        tokens = self._read(s)
        return super().__call__(s, env) if tokens is None else tokens

    def _read(self, s: str) -> list[Token] | None:
        """The tokens of a text, or None if mistune has to parse it."""
        tokens: list[Token] = []
        for piece in self._pieces(s):
            text, code, image, label, url, title, stars, inside, end, other = piece.groups()
            if other:
                return None
            if end:
                _end_line(tokens, text)
                continue
            if text:
                tokens.append({"type": "text", "raw": text})
            if code:
                tokens.append({"type": "codespan", "raw": _code(code)})
            elif label:
                tokens.append(_link(image, self._inside(label), url, title))
            elif stars:
                kind = "strong" if len(stars) == 2 else "emphasis"
                tokens.append({"type": kind, "children": self._inside(inside)})
        return tokens

    def _inside(self, text: str) -> list[Token]:
        is_text = "`" not in text and "\n" not in text
        return [{"type": "text", "raw": text}] if is_text else self._read(text) or []


def _end_line(tokens: list[Token], text: str) -> None:
    """Two spaces at its end break a line."""
    words = text.rstrip(" ")
    if words:
        tokens.append({"type": "text", "raw": words})
    tokens.append({"type": "linebreak" if len(text) - len(words) > 1 else "softbreak"})


def _code(code: str) -> str:
    code = code.replace("\n", " ")
    return code[1:-1] if code[0] == code[-1] == " " and code.strip(" ") else code


def _link(image: str, children: list[Token], url: str, title: str | None) -> Token:
    attrs = {"url": _cached_url(url) if len(url) <= _MAX_CACHED_URL else escape_url(url)}
    if title:
        attrs["title"] = title
    return {"type": "image" if image else "link", "children": children, "attrs": attrs}


# -- both ------------------------------------------------------------------------------------------


class FastMarkdown(Markdown):
    """A mistune parser with some plugins and, in front of their rules, the fast path."""

    block: FastBlockParser
    inline: FastInlineParser

    def __init__(self, plugins: Iterable[Callable[[FastMarkdown], None]]) -> None:
        super().__init__(block=FastBlockParser(), inline=FastInlineParser())
        for plugin in plugins:
            plugin(self)
        self.block.prepare()
        self.inline.prepare()
