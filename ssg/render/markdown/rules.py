"""Parser rules in addition to those of CommonMark, as mistune plugins.

A new rule names the characters that may begin it (`start_chars`), a block rule those of its first
line. mistune and the fast path (`fast_path`) pass over text without these characters in one step.
"""

from __future__ import annotations

import re
from typing import Any, cast

from mistune import BlockParser, BlockState, InlineParser, InlineState
from mistune.helpers import BLOCK_TAGS, MAX_LINK_LABEL_LENGTH, PRE_TAGS
from mistune.plugins.abbr import REF_ABBR, parse_ref_abbr
from mistune.plugins.def_list import def_list, parse_def_list
from mistune.plugins.formatting import strikethrough
from mistune.plugins.table import table, table_in_list, table_in_quote

from ssg.render.markdown.alerts import make_alert
from ssg.render.markdown.attributes import split_heading
from ssg.render.markdown.bounds import BoundedBlockState, is_end
from ssg.render.markdown.fast_path import FastMarkdown
from ssg.render.markdown.footnotes import (
    DEFINITION,
    REFERENCE,
    parse_definition,
    parse_link,
    parse_reference,
)

_BLOCK_MATH = r"^ {0,3}\$\$(?:(?P<math_line>[^\n]*?)\$\$[ \t]*(?:\n|$)|[ \t]*\n)"
_BLOCK_MATH_END = re.compile(r"\n\$\$[ \t]*(?:\n|\Z)")
_INLINE_MATH = (
    r"\$\$(?P<math_display>(?:[^$\\]|\\[\s\S])+?)\$\$"
    r"|\$(?![\s$])(?P<math_inline>(?:[^$\\]|\\[\s\S])*?(?:[^\s$\\]|\\\S))\$(?![0-9])"
)
_BLOCK_HTML = (
    rf"^ {{0,3}}(?:</?(?i:{'|'.join(BLOCK_TAGS)})(?=[ \t]|/?>|\n|$)"
    rf"|<(?i:{'|'.join(PRE_TAGS)})(?=[ \t]|>|\n|$)|<!--|<\?|<![A-Z]|<!\[CDATA\[)"
)
"""A line that ends a list or quotation: `</div>` does, as `<DIV class="a">`, but `</script>` does
not (CommonMark, "HTML blocks"). mistune's pattern lacks the `>` and capital letters."""
_TABLE_ENDS = (
    "blank_line", "fenced_code", "atx_heading", "thematic_break", "block_quote", "list",
    "ref_footnote", "ref_link", "ref_abbr", "block_html", "shortcode_line", "shortcode_block",
)  # fmt: skip
"""Rules whose blocks end a table."""
_MAX_EMPTY_CELLS = 50_000
"""The number of cells that a table may lack. A few rows of a wide table are short to write."""
_PIPE = re.compile(r"\\(.)", re.S)
_CELLS = re.compile(r"((?:[^|\\]|\\.|\\\Z)*)(?:\||\Z)", re.S)
_DELIMITER = re.compile(r"(:?)-*(:?)")
_ALIGNMENTS = {(":", ":"): "center", (":", ""): "left", ("", ":"): "right"}
_GAP = re.compile(r"\n++(?![ \t\v\f]+\n)")
_QUOTES = frozenset("\"'-.")
_SPACES = " \t\n\r\x0b\x0c"
_REF_ABBR = REF_ABBR.replace("[^\\]]+)", f"[^\\]]{{1,{MAX_LINK_LABEL_LENGTH}}})")
"""Without a limit, each line that begins with `*[` is searched up to the end of the text."""


def extensions(md: FastMarkdown) -> None:
    """Add the rules that every text may use (a mistune plugin)."""
    for plugin in (strikethrough, table, table_in_list, table_in_quote, def_list):
        plugin(md)
    md.block.specification["block_html"] = _BLOCK_HTML
    md.block.register("table", None, _parse_table)
    md.block.register("nptable", None, _parse_table)
    md.block.register("def_list", None, _parse_def_list)
    md.block.register("atx_heading", None, _parse_atx_heading)
    md.block.register("setex_heading", None, _parse_setext_heading)
    md.block.register("block_quote", None, _parse_block_quote)
    md.block.register("ref_footnote", DEFINITION, parse_definition, before="ref_link")
    md.block.register("ref_abbr", _REF_ABBR, parse_ref_abbr, before="paragraph")
    md.inline.register("footnote", REFERENCE, parse_reference, "link", start_chars="[")
    md.inline.register("link", None, parse_link, start_chars="![")


def math(md: FastMarkdown) -> None:
    r"""Add formulas: `$a_1$` in a line, `$$...$$` in a line or around lines (a mistune plugin)."""
    md.block.register("block_math", _BLOCK_MATH, _parse_block_math, before="list")
    for rules in (md.block.list_rules, md.block.block_quote_rules):
        md.block.insert_rule(rules, "block_math", before="list")
    md.inline.register("math", _INLINE_MATH, _parse_math, before="codespan", start_chars="$")


def plain_escapes(md: FastMarkdown) -> None:
    r"""Keep `\"` a straight quotation mark with smart punctuation (a mistune plugin)."""
    md.inline.register("escape", None, _parse_escape, start_chars="\\")


# -- headings --------------------------------------------------------------------------------------


def _parse_atx_heading(_: BlockParser, match: re.Match[str], state: BlockState) -> int:
    text = without_closing_sequence(match["atx_2"].strip(_SPACES))
    level = len(match["atx_1"])
    state.append_token({"type": "heading", "text": text, "attrs": {"level": level}, "style": "atx"})
    end = match.end() + 1
    _split_attributes(state)
    if gap := _GAP.match(state.src, end):  # saves a round of the rule of blank lines
        state.append_token({"type": "blank_line"})
        return gap.end()
    return end


def without_closing_sequence(text: str) -> str:
    """`Title ##` -> `Title`. In linear time, which mistune's pattern for it does not take."""
    words = text.rstrip()
    if not words.endswith("#"):
        return text
    words = words.rstrip("#")
    return words.rstrip() if not words or words[-1].isspace() else text


def _parse_setext_heading(
    block: BlockParser, match: re.Match[str], state: BlockState
) -> int | None:
    end = block.parse_setex_heading(match, state)
    if end and state.tokens[-1]["type"] == "heading":
        _split_attributes(state)
    return end


def _split_attributes(state: BlockState) -> None:
    """Take the attribute list off a heading, and reserve its id before ids are made of titles."""
    token = state.tokens[-1]
    token["in_toc"] = state.parent is None and "page_state" in state.env
    if token["text"].rstrip().endswith("}"):
        token["text"], attributes = split_heading(token["text"].strip())
        if "id" in attributes and "page_state" in state.env:
            attributes["id"] = state.env["page_state"].unique_id(attributes["id"])
            token["has_id"] = True
        token["attributes"] = attributes


# -- alerts ----------------------------------------------------------------------------------------


def _parse_block_quote(block: BlockParser, match: re.Match[str], state: BlockState) -> int:
    end = block.parse_block_quote(match, state)
    quote = state.tokens[-1]
    if quote["children"]:
        make_alert(quote)
    return end


# -- definition lists ------------------------------------------------------------------------------


class _BlockParserOfPage:
    """The block parser with the state of a text: what mistune asks for to parse a definition.

    mistune gives each definition an environment of its own, which lacks those of the page.
    """

    def __init__(self, block: BlockParser, state: BlockState) -> None:
        self.list_rules = block.list_rules
        self.parse = block.parse
        self._state = state

    def state_cls(self) -> BlockState:
        """Return the state of a definition: a part of the text."""
        return self._state.child_state("")


def _parse_def_list(block: BlockParser, match: re.Match[str], state: BlockState) -> int | None:
    return parse_def_list(cast("BlockParser", _BlockParserOfPage(block, state)), match, state)


# -- tables ----------------------------------------------------------------------------------------


def _parse_table(block: BlockParser, match: re.Match[str], state: BlockState) -> int | None:
    """Parse a table, which ends at an empty line or another block (GFM, "Tables (extension)").

    Missing cells of a row are empty and excess cells are ignored. mistune's own parser makes a
    paragraph of a table with such a row.
    """
    line = state.get_line(match.end())
    head, marks = _cells(match[0]), [_DELIMITER.fullmatch(mark) for mark in _cells(line)]
    if "|" not in line or len(head) != len(marks) or not all(marks):
        return None
    aligns = [_ALIGNMENTS.get((mark[1], mark[2])) for mark in marks if mark]
    end = match.end() + len(line)
    next_block = block.compile_sc([name for name in _TABLE_ENDS if name in block.specification])
    rows, empty = [], 0
    while end < state.cursor_max and empty <= _MAX_EMPTY_CELLS:
        line = state.get_line(end)
        other = None if line[0] == "|" else next_block.match(state.src, end)
        if other and is_end(other):
            break
        cells = _cells(line)[: len(aligns)]
        empty += len(aligns) - len(cells)
        row = _row(cells + [""] * (len(aligns) - len(cells)), aligns, is_head=False)
        rows.append({"type": "table_row", "children": row})
        end += len(line)
    children = [
        {"type": "table_head", "children": _row(head, aligns, is_head=True)},
        {"type": "table_body", "children": rows},
    ]
    state.append_token({"type": "table", "children": children})
    return end


def _cells(line: str) -> list[str]:
    """Split a row. `\\|` is a pipe in a cell, in code, too."""
    cells = [cell.strip() for cell in _CELLS.findall(line.strip().removeprefix("|"))]
    if "\\|" in line:
        cells = [_PIPE.sub(lambda pair: "|" if pair[1] == "|" else pair[0], cell) for cell in cells]
    return cells[:-1] if len(cells) > 1 and not cells[-1] else cells


def _row(cells: list[str], aligns: list[str | None], *, is_head: bool) -> list[dict[str, Any]]:
    return [
        {"type": "table_cell", "text": cell, "attrs": {"align": align, "head": is_head}}
        for cell, align in zip(cells, aligns, strict=True)
    ]


# -- formulas --------------------------------------------------------------------------------------


def _parse_block_math(_: BlockParser, match: re.Match[str], state: BoundedBlockState) -> int | None:
    """Parse a formula. Without an end, its beginning is text, and the end is not searched again."""
    end, text = match.end(), match["math_line"]
    if text is None:
        if state.has_no_formula_end:
            return None
        found = _BLOCK_MATH_END.search(state.src, end)
        if found is None:
            state.has_no_formula_end = True
            return None
        end, text = found.end(), state.src[end : found.start()]
    state.append_token({"type": "block_math", "raw": text})
    return end


# -- inline ----------------------------------------------------------------------------------------


def _parse_math(_: InlineParser, match: re.Match[str], state: InlineState) -> int:
    shown = match["math_display"]
    kind, text = ("inline_math", match["math_inline"]) if shown is None else ("display_math", shown)
    state.append_token({"type": kind, "raw": text})
    return match.end()


def _parse_escape(inline: InlineParser, match: re.Match[str], state: InlineState) -> int:
    text = match[0][1::2]
    if _QUOTES.isdisjoint(text):
        inline.process_text(text, state, parse_emphasis=False)
    else:
        state.append_token({"type": "escaped", "raw": text})
    return match.end()
