"""Code blocks -> HTML with Pygments' CSS classes."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import escape
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

_FORMATTER = HtmlFormatter(nowrap=True)


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None


def code_block(code: str, language: str, *, colour: bool) -> str:
    """A `<pre>` of a code block. An unknown or empty language leaves the text as it is."""
    lexer = _lexer(language) if colour and language else None
    body = highlight(code, lexer, _FORMATTER) if lexer else str(escape(code))
    css = f' class="language-{escape(language)}"' if language else ""
    return f'<pre class="highlight"><code{css}>{body}</code></pre>\n'
