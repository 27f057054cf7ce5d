r"""What most texts are made of, each in one step: plain paragraphs and lists, plain lines.

mistune tries rule after rule, at each line for blocks and at each mark within a line, and puts
emphasis together from delimiters at the end. Here one pattern takes what can only mean one thing,
and answers with the tokens that mistune would make; whatever it cannot take is left to mistune. So
nothing here decides what Markdown means: without it every page has the same bytes, a little later.

A line is plain where no rule of blocks matches it: it begins with none of their signs, and holds no
`|`, which may make a table of it.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

from mistune import BlockParser, BlockState, InlineParser, Markdown
from mistune.util import escape_url

Token = dict[str, Any]

# -- blocks ----------------------------------------------------------------------------------------

_START = r"""(?:[^\W\d_]|(?![\s\d])[^\x00-\x7f]|["'(!@%&/;,.?)\]}^\\]"""
_START += r"""|\*\*?(?=[^\s*\[])|__?(?=[^\s_])|`(?!``)|[0-9]+(?=[^0-9.)\n|])"""
_START += r"""|\[(?!\^)[^\[\]\\\n|]*(?:\](?!:)|\[))"""
_LINE = rf"{_START}[^\n|]*"
_PARAGRAPH = rf"^(?P<plain_text>(?:{_LINE}(?:\n|\Z))+)(?P<plain_gap>\n++(?![ \t\v\f]+\n))?"
_NEXT = re.compile(_PARAGRAPH, re.M)
_LIST = (
    rf"^(?P<plain_items>(?P<plain_bullet>[-*+])[ ]{{1,4}}{_LINE}\n"
    rf"(?:(?P=plain_bullet)[ ]{{1,4}}{_LINE}\n)*+"
    rf"|1\.[ ]{{1,4}}{_LINE}\n(?:[0-9]{{1,9}}\.[ ]{{1,4}}{_LINE}\n)*+)"
    r"(?:\Z|\n++(?:\Z|(?=[^\W\d_]|\#{1,6}[ ])))"
)
_ITEM = re.compile(r"^[-*+0-9.]+ +(.*\n)", re.M)


class FastBlockParser(BlockParser):
    """Asks only of lines that are indented whether they are code."""

    def _parse_indent_code_fast(self, state: BlockState) -> int | None:
        indented = state.src[state.cursor] in " \t"
        return super()._parse_indent_code_fast(state) if indented else None


def fast_blocks(md: Markdown) -> None:
    """Try plain blocks before all others (a mistune plugin, the last one)."""
    md.block.register("plain", _PARAGRAPH, _parse_paragraphs, before=md.block.rules[0])
    md.block.register("plain_list", _LIST, _parse_list, before="list")
    for rules in (md.block.list_rules, md.block.block_quote_rules):
        rules.insert(0, "plain")


def _parse_paragraphs(_: BlockParser, match: re.Match[str], state: BlockState) -> int:
    more: re.Match[str] | None = match
    while more:
        match = more
        state.add_paragraph(match["plain_text"])
        if match["plain_gap"]:
            state.append_token({"type": "blank_line"})
        more = _NEXT.match(state.src, match.end())
    return match.end()


def _parse_list(_: BlockParser, match: re.Match[str], state: BlockState) -> int:
    """Items of one line each. What ends the list is a plain line or a heading behind a gap."""
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


# -- within a line ---------------------------------------------------------------------------------

_MARKS = r"\\`*_!\[\]<\n~{$"
"""Signs with which an inline rule may begin."""

_TEXT = rf"""
    (?: [^{_MARKS}]++            # and what looks like a mark, but is none
      | ! (?!\[)
      | (?<=[^\W_]) _+ (?=[^\W_])
      | (?<!~) ~ (?!~)
      | (?<!\{{) \{{ (?!\{{)
      | < (?=[ ])
      | \\ (?=[A-Za-z0-9 ])
    )"""
_CODE = r"` [^`]+ ` (?!`)"
_PIECE = rf"""
    ({_TEXT}*+)
    (?: ` ([^`]+) ` (?!`)
      | (!?) \[ (?!\^) ((?: {_TEXT} | {_CODE} | \n )++) \]
        \( ([^\s()<>\\\x00-\x1f\x7f]+) (?: [ ]+ "([^"\\\n\x00]*)" )? \)
      | (?: (?<!\S) (?= [*_]{{1,2}} [^\s*_] ) | (?<=[("']) (?= [*_]{{1,2}} [^\W_] ) )
        (\*{{1,2}}|_{{1,2}}) ((?: [^{_MARKS}]++ | {_CODE} | \n )++)
        (?: (?<=[^\W_]) \7 (?= [\s.,;:?!)"'] | \Z ) | (?<=\S) \7 (?= \s | \Z ) )
      | (\n) \s*
      | \Z
      | (?s:(.))
    )"""
"""Text, and what may follow: code, a link or an image, emphasis, the end of a line. The last group
is what mistune has to look at. Marks of emphasis stand where they can only open or only close it
(CommonMark, "Emphasis and strong emphasis"), and in links and emphasis there is text and code."""

_url = lru_cache(maxsize=2048)(escape_url)


class FastInlineParser(InlineParser):
    """Reads lines without any nesting in one step for each piece."""

    marks = re.compile(rf"[{_MARKS}]")
    _pieces = re.compile(_PIECE, re.X)

    def __call__(self, s: str, env: MutableMapping[str, Any]) -> list[Token]:
        if not self.marks.search(s):
            return [{"type": "text", "raw": s}] if s else []
        tokens = self._read(s)
        return super().__call__(s, env) if tokens is None else tokens

    def _read(self, s: str) -> list[Token] | None:
        """The tokens of a text, or None if mistune has to look at it."""
        tokens: list[Token] = []
        for piece in self._pieces.finditer(s):
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
    attrs = {"url": _url(url)}
    if title:
        attrs["title"] = title
    return {"type": "image" if image else "link", "children": children, "attrs": attrs}
