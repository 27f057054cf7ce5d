r"""Definitions of footnotes: `[^1]: text`, with further lines and blocks.

Indented lines belong to the note, after a blank line, too. So does a line that continues its
paragraph, whether it is indented or not (GFM and PHP Markdown Extra).
"""

from __future__ import annotations

import re

from mistune import BlockParser, InlineParser, InlineState
from mistune.util import unikey

from ssg.render.markdown.bounds import BoundedBlockState
from ssg.render.markdown.page_state import Footnote, ParserEnv, Token

_KEY = r"(?:[^\\\[\]\s]|\\.){1,500}"
DEFINITION = (
    rf"^(?P<footnote_lead> {{0,4}})\[\^(?P<footnote_def>{_KEY})\]:(?=[ \t\n])"
    r"(?P<footnote_text>[^\n]*(?:\n|$))"
)
REFERENCE = rf"\[\^(?P<footnote_key>{_KEY})\]"
_REFERENCE = re.compile(REFERENCE)
_INDENTS = re.compile(r"^[ \t]+", re.M)
_CODE_INDENT = 8
"""A line that is indented this much begins code in a note."""
_NOTE_INDENT = 4
_PARAGRAPH_ENDS = (
    "blank_line", "fenced_code", "atx_heading", "thematic_break", "block_quote", "list",
    "ref_footnote", "ref_link", "ref_abbr", "def_list", "table", "block_html", "shortcode_line",
    "shortcode_block", "block_math",
)  # fmt: skip
"""Rules whose blocks end the paragraph of a note."""


def parse_definition(block: BlockParser, match: re.Match[str], state: BoundedBlockState) -> int:
    """Read a footnote. Of two with the same key, the first one counts."""
    end = _end_of_note(block, state, match.end(), len(match["footnote_lead"]))
    text = state.src[match.start("footnote_text") : end]
    state.env.setdefault("ref_footnotes", {}).setdefault(unikey(match["footnote_def"]), text)
    return end


def _end_of_note(block: BlockParser, state: BoundedBlockState, position: int, lead: int) -> int:
    ends = block.compile_sc([name for name in _PARAGRAPH_ENDS if name in block.specification])
    is_paragraph = True
    while position < state.cursor_max:
        line = state.get_line(position)
        words = line.lstrip(" \t")
        indent = len(line[: len(line) - len(words)].expandtabs(4)) - lead
        if words.strip() and indent < 1 and (not is_paragraph or ends.match(line)):
            break
        is_paragraph = indent < _CODE_INDENT and not ends.match(words)
        position += len(line)
    return position


def parse_reference(_: InlineParser, match: re.Match[str], state: InlineState) -> int:
    """Read `[^1]`. Without such a note, it is text."""
    notes = state.env["notes"]
    key = unikey(match["footnote_key"])
    kind = "footnote_ref" if key in notes else "text"
    state.append_token({"type": kind, "raw": key if key in notes else match[0]})
    return match.end()


def parse_link(inline: InlineParser, match: re.Match[str], state: InlineState) -> int | None:
    """Read the beginning of a link or image. `![^1]` is a sign and a note, if there is one."""
    note = _REFERENCE.match(state.src, match.start() + 1) if match[0] == "![" else None
    if note and unikey(note["footnote_key"]) in state.env["notes"]:
        return None
    return inline.parse_link(match, state)


def blocks_of(note: Footnote, block: BlockParser, env: ParserEnv) -> list[Token]:
    """Parse the blocks of a note. Lines after the first may have any indentation."""
    first, _, rest = note.text.rstrip().partition("\n")
    first = first.strip()
    if not rest:
        return [{"type": "paragraph", "text": first}]
    rest = _INDENTS.sub(lambda indent: indent[0].expandtabs(4), rest)
    indents = [len(line) - len(line.lstrip(" ")) for line in rest.split("\n") if line.strip()]
    width = min(min(filter(None, indents), default=0), _NOTE_INDENT)
    lines = re.sub(rf"^ {{0,{width}}}", "", rest, flags=re.M)
    state = BoundedBlockState.of_text(env).child_state(f"{first}\n{lines}\n" if first else lines)
    block.parse(state)
    return state.tokens
