"""Highlights code with Pygments. No other module imports Pygments."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import escape
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

_FORMATTER = HtmlFormatter(nowrap=True)


def highlight_code(code: str, language: str) -> str:
    """Return code as HTML with Pygments' CSS classes. Code of an unknown language stays plain."""
    lexer = _lexer(language)
    return highlight(code, lexer, _FORMATTER) if lexer else str(escape(code))


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None
