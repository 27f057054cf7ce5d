"""mistune's parsers with bounds on nesting and on work.

Time and depth of the stack must not depend on what a text contains, only on its length:

- A block that ends a quotation or a list is not parsed from within it, but after it: else a text
  that alternates both takes a level of Python's stack for each block.
- Blocks nest `MAX_NESTING` levels, counted across bodies of shortcodes. Deeper markers are text.
- Emphasis is joined in linear time (`emphasis`), and a tag is read without backtracking.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self

from mistune import BlockParser, BlockState, InlineParser, InlineState
from mistune.helpers import BLOCK_TAGS, PRE_TAGS

from ssg.render.markdown.emphasis import join_emphasis
from ssg.render.markdown.page_state import ParserEnv, Token

MAX_NESTING = 20
"""How deep blocks may be nested, and inlines in one block. mistune's own limit."""

_ATTRIBUTES = (
    r"(?:\s++[A-Za-z_:][A-Za-z0-9_.:-]*+"
    r"""(?:\s*+=\s*+(?:[^\s"'=<>`]++|'[^']*+'|"[^"]*+"))?+)*+"""
)
_BLANK_LINES = "__blank_line_starts__"
_NAME = "[A-Za-z][A-Za-z0-9-]*+"
_TAG = re.compile(rf"<{_NAME}{_ATTRIBUTES}\s*+/?>|</{_NAME}\s*+>")
_TAG_LINE = re.compile(rf"[ ]{{0,3}}+(?:{_TAG.pattern})[ \t]*+(?:\n|\Z)")
_SPECIAL_TAGS = frozenset({*BLOCK_TAGS, *PRE_TAGS})
_BLANK_LINE = re.compile(r"^[ \t\v\f]*\n", re.M)


class BoundedBlockState(BlockState):
    """A state whose depth counts from that of the text around it."""

    seeks_end = False
    """Whether a quotation or list is being read that the next block may end."""
    blank_lines: Any = None
    """mistune's positions of blank lines, which it finds again if another text was read."""
    brackets: dict[int, re.Match[str] | None] | None = None
    """The ends of shortcodes with a body by the positions of their beginnings."""
    fences: Any = None
    has_no_formula_end = False
    """Whether no formula ends in the rest of the text."""

    def __init__(self, parent: BoundedBlockState | None = None) -> None:
        super().__init__(parent)
        self.level: int = parent.level + 1 if parent else 0

    @classmethod
    def of_text(cls, env: ParserEnv, level: int = 0) -> Self:
        """Return the state of a text that is nested in `level` blocks."""
        state = cls()
        state.env, state.level = env, level
        return state

    def depth(self) -> int:
        """Return how deep the blocks of this state are nested."""
        return self.level


class BoundedBlockParser(BlockParser):
    """Reads blocks with a bounded stack."""

    state_cls = BoundedBlockState

    def __init__(self) -> None:
        super().__init__(max_nested_level=MAX_NESTING)

    def parse_method(self, m: re.Match[str], state: Any) -> int | None:
        """Parse a block, or tell whether it ends the quotation or list that is being read."""
        if state.seeks_end:
            return state.cursor if is_end(m) else None
        return self._methods[m.lastgroup or ""](m, state)

    def parse_list(self, m: re.Match[str], state: Any) -> int:
        """Parse a list up to the block that ends it."""
        state.seeks_end = True
        end = super().parse_list(m, state)
        state.seeks_end = False
        return end

    def extract_block_quote(self, m: re.Match[str], state: Any) -> tuple[str, int | None, set[int]]:
        """Take the text of a quotation, up to the block that ends it."""
        state.seeks_end = True
        text, _, lazy_line_starts = super().extract_block_quote(m, state)
        state.seeks_end = False
        return text, None, lazy_line_starts

    def parse_ref_link(self, m: re.Match[str], state: Any) -> int | None:
        """Read the definition of a link."""
        state.env[_BLANK_LINES] = state.blank_lines
        end = super().parse_ref_link(m, state)
        state.blank_lines = state.env[_BLANK_LINES]
        return end

    def parse_raw_html(self, m: re.Match[str], state: BlockState) -> int | None:
        """Parse a block of HTML. A tag alone in a line begins one, but not within a paragraph."""
        tag = m[0].strip().lstrip("</").lower()
        if not tag[:1].isalpha() or tag in _SPECIAL_TAGS:
            return super().parse_raw_html(m, state)
        if end := state.append_paragraph():
            return end
        if not _TAG_LINE.match(state.src, state.cursor, state.find_line_end()):
            return None
        gap = _BLANK_LINE.search(state.src, state.cursor)
        end = gap.start() if gap else state.cursor_max
        state.append_token({"type": "block_html", "raw": state.get_text(end)})
        return end


def is_end(match: re.Match[str]) -> bool:
    """Tell whether a block that seems to begin does so. A code span may look like a fence."""
    groups: dict[str, Any] = match.groupdict()
    return match.lastgroup != "fenced_code" or not (
        groups["fenced_2"][0] == "`" and "`" in groups["fenced_3"]
    )


class BoundedInlineState(InlineState):
    """A state that searches each piece of its text once for a pattern."""

    _found: Mapping[re.Pattern[str], tuple[int, re.Match[str] | None]] = MappingProxyType({})

    def find_next(self, pattern: re.Pattern[str], position: int) -> re.Match[str] | None:
        """Return the first match at or after a position."""
        since, match = self._found.get(pattern, (position + 1, None))
        if position < since or (match and match.start() < position):
            match = pattern.search(self.src, position)
            self._found = {**self._found, pattern: (position, match)}
        return match


class BoundedInlineParser(InlineParser):
    """Reads inlines in linear time."""

    state_cls = BoundedInlineState

    def __init__(self) -> None:
        super().__init__(max_nested_level=MAX_NESTING)

    def finalize_tokens(self, tokens: list[Token], depth: int) -> list[Token]:
        """Join emphasis."""
        return join_emphasis(tokens, self.max_nested_level - depth)

    def parse_inline_html(self, m: re.Match[str], state: InlineState) -> int | None:
        """Parse a tag or comment."""
        if m[0][1] in "!?":
            return super().parse_inline_html(m, state)
        tag = _TAG.match(state.src, m.start())
        if tag is None:
            return None
        state.append_token({"type": "inline_html", "raw": tag[0]})
        if tag[0].startswith(("<a ", "<a>", "<A ", "<A>")):
            state.in_link = True
        elif tag[0].startswith(("</a ", "</a>", "</A ", "</A>")):
            state.in_link = False
        return tag.end()
