"""Markdown that takes long in a careless parser: seconds at n, 2n and 4n repetitions.

    python -m benchmarks.pathological [N]

The last column is the exponent: 1 is linear, 2 quadratic. Most inputs are those of cmark
(`test/pathological_tests.py`) and markdown-it; the others were found here.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from ssg.model.settings import MarkdownSettings, SiteSettings
from ssg.render.markdown.converter import MarkdownConverter
from ssg.render.markdown.page_state import ConversionError, PageState


def _rising(n: int, piece: Callable[[int], str]) -> str:
    """A text of about n characters, in pieces of growing length."""
    return "".join(map(piece, range(1, math.isqrt(2 * n))))


INPUTS: Mapping[str, Callable[[int], str]] = {
    # emphasis
    "nested strong and emphasis": lambda n: "*a **a " * n + "b" + " a** a*" * n,
    "openers without closers": lambda n: "_a " * n,
    "closers without openers": lambda n: "a_ " * n,
    "mismatched openers and closers": lambda n: "*a_ " * n,
    "cmark issue 389": lambda n: "*a " * n + "_a*_ " * n,
    "multiples of 3": lambda n: "a**b" + "c* " * n,
    "long runs": lambda n: "*" * n + "a" + "*" * n,
    "emphasis in a deep quotation": lambda n: ">" * n + "a*" * n,
    "strikethrough": lambda n: "~~a *b " * n + "c* d~~" * n,
    # links
    "link openers": lambda n: "[a" * n,
    "link closers": lambda n: "a]" * n,
    "nested brackets": lambda n: "[" * n + "a" + "]" * n,
    "nested brackets with a definition": lambda n: "[" * n + "a" + "]" * n + "\n\n[a]: /b\n",
    "links without end": lambda n: "[a](" * n,
    "links in angles without end": lambda n: "[a](<b" * n,
    "links with titles without end": lambda n: "[a](/u (t " * n,
    "links in images": lambda n: "![[]()" * n,
    "nested images": lambda n: "![" * n + "a" + "](b)" * n,
    "brackets and parentheses": lambda n: "[ (](" * n,
    "brackets and emphasis": lambda n: "[ a_" * n,
    "definitions without end": lambda n: "[a]: <\n" * n,
    "definitions in a line": lambda n: "[a]: <" * n,
    "definitions beside those of items": lambda n: "[a]: /u\n\n- [b]: /v\n\n" * n,
    "long labels": lambda n: "[a\n" * n,
    "references": lambda n: "".join(f"[a{i}]: /b\n" for i in range(n)) + "[a0] " * n,
    # code and HTML
    "backticks": lambda n: _rising(n, lambda i: "e" + "`" * i),
    "fences": lambda n: _rising(n, lambda i: "`" * (i + 2) + "\n"),
    "comments without end": lambda n: "a <!--" * n,
    "instructions without end": lambda n: "a <?" * n,
    "declarations without end": lambda n: "a <!A " * n,
    "tags without end": lambda n: "a <a x=" * n,
    "tags with many attributes": lambda n: "a <a" + " x" * n,
    "tags with tabs": lambda n: "a <a" + "\tb=c\td" * n,
    "tags with tabs in a block": lambda n: "<a" + "\tb=c\td" * n,
    "blocks of HTML": lambda n: "<div>\n\n" * n,
    "marked lines of code": lambda n: f"```a {{hl_lines='{'1-2 ' * n}'}}\n" + "x\n" * n,
    # blocks
    "deep quotations": lambda n: "> " * n + "a",
    "deep lists": lambda n: "- " * n + "a",
    "deep lists in lines": lambda n: _rising(n, lambda i: "  " * i + "* a\n"),
    "deep quotations and lists": lambda n: "> - " * n + "a",
    "blank lines in deep lists": lambda n: "- " * n + "x" + "\n" * n,
    "blank lines in deep quoted lists": lambda n: "> " + "- " * n + "x\n" + ">\n" * n,
    "quotations and lists by turns": lambda n: "> What?\n- This.\n- That.\n" * n,
    "lists and headings by turns": lambda n: "- a\n# b\n" * n,
    "lazy lines": lambda n: "> a\n" + "b\n" * n,
    "equal headings": lambda n: "# a\n\n" * n,
    "equal ids": lambda n: "# a {#b}\n\n" * n,
    "spaces in a heading": lambda n: "# a" + " " * n + "b",
    "braces in a heading": lambda n: "# a" + "{" * n + "}",
    "spaces before braces": lambda n: "# a" + " " * n + "{}",
    "tables": lambda n: "|a|b|\n|-|-|\n" * n,
    "wide tables with short rows": lambda n: "|a" * n + "|\n" + "|-" * n + "|\n" + "|a|\n" * n,
    "wide tables with bare rows": lambda n: "|a" * n + "|\n" + "|-" * n + "|\n" + "a\n" * n,
    "definition lists": lambda n: "a\n" + ": b\n" * n,
    "footnotes": lambda n: "".join(f"a[^{i}]\n\n[^{i}]: b\n\n" for i in range(n)),
    "one footnote": lambda n: "a[^1] " * n + "\n\n[^1]: b\n",
    "abbreviations without end": lambda n: "*[a\n" * n,
    "abbreviations": lambda n: "".join(f"*[A{i}]: b\n" for i in range(n)) + "A1 " * n,
    "abbreviations in each other": lambda n: (
        _rising(n, lambda i: f"*[{'a' * i}]: b\n") + "a" * n + "\n\n" + "a " * n
    ),
    "bare URLs": lambda n: "http://a" + "." * n,
    "formulas": lambda n: "$a " * n,
    "formulas without end": lambda n: " $$\n" * n,
    # shortcodes
    "shortcodes without end": lambda n: "{{ a(" * n,
    "shortcodes in lines without end": lambda n: "x {{ a(\n" * n,
    "shortcodes with texts without end": lambda n: '{{ a(x="' * n,
    "shortcodes and their end in the next line": lambda n: "x {{ a(" * n + "\n) }}",
    "bodies without end": lambda n: "{% a() %}\n" * n,
    "bodies in bodies": lambda n: "{% a() %}\n" * n + "{% end %}\n" * n,
    "bodies": lambda n: "{% a() %}\n{% end %}\n" * n,
    "bodies with fences without end": lambda n: "{% a() %}\n~~~ a\n" * n,
    "broken links": lambda n: "[a](b.md)\n" * n,
}  # fmt: skip


class _Context:
    """A site on which every link and shortcode is fine."""

    def __init__(self, converter: MarkdownConverter) -> None:
        self.converter = converter
        self.page_state = PageState()

    def link(self, target: str) -> str:
        return target

    def shortcode(self, name: str, arguments: str, body: str | None) -> str:  # noqa: ARG002 the protocol's names
        return "" if body is None else self.converter.body(body, self)

    def hook(self, name: str, values: Mapping[str, Any]) -> str:
        raise NotImplementedError(name, values)


def convert(converter: MarkdownConverter, text: str) -> None:
    """Convert a text. One with errors is fine, too."""
    try:
        converter.convert(text, _Context(converter))
    except ConversionError as error:
        assert error.errors


def seconds(converter: MarkdownConverter, text: str) -> float:
    """Return the processor time that a text takes."""
    start = time.process_time()
    convert(converter, text)
    return time.process_time() - start


def main(n: int) -> None:
    """Print a table of times."""
    converter = MarkdownConverter(SiteSettings(markdown=MarkdownSettings(math=True)))
    for name, text in INPUTS.items():
        times = [seconds(converter, text(n * factor)) for factor in (1, 2, 4)]
        exponent = math.log(times[2] / times[0], 4)
        columns = "".join(f"{value:9.3f}" for value in times)
        print(f"{name:44}{columns}{exponent:7.1f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
