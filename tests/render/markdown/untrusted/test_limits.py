"""A hostile text is converted or refused at once, whatever it contains."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from benchmarks.pathological import INPUTS
from ssg.model.settings import MarkdownSettings, SiteSettings
from ssg.render.markdown.converter import RenderedMarkdown
from ssg.render.markdown.page_state import ConversionError
from ssg.render.markdown.untrusted.converter import UntrustedMarkdown
from ssg.render.markdown.untrusted.limits import (
    MAX_ADDRESS_CHARACTERS,
    MAX_HIGHLIGHTED,
    MAX_LENGTH,
    MAX_LINES,
    MAX_NESTING,
)
from tests.growth import LINEAR, growth

CONVERT = UntrustedMarkdown(
    SiteSettings(
        base_url="https://own.example/",
        markdown=MarkdownSettings(math=True, smart_punctuation=True, auto_summary=True),
    )
).convert

MAX_SECONDS = 1.8
"""For the longest text. On an idle machine, the slowest takes about one."""

MAX_GROWTH = 60
"""How much longer than a text its HTML may be, beside addresses: `[^1]` is a reference and a link
back to it."""

DEEP = "- " * MAX_NESTING + "a\n"
FAMILIES: dict[str, Callable[[int], str]] = {
    **INPUTS,
    # what takes longest for each character
    "lazy lines of deep lists": lambda n: DEEP + "\\\n" * n,
    "lazy lines of deep quotations": lambda n: "> " * 20 + "a\n" + "\\\n" * n,
    "lazy lines of both": lambda n: "> - " * 10 + "a\n" + "b\n" * n,
    "lines of deep lists": lambda n: DEEP + ("  " * MAX_NESTING + "b\n") * n,
    "deep lists one after another": lambda n: DEEP * n,
    "deep quotations in lines": lambda n: (">" * 20 + "a\n\n") * n,
    "tables in deep lists": lambda n: DEEP + ("  " * MAX_NESTING + "|a|\n|-|\n") * n,
    "tables of one column": lambda n: "|a\n|-\n" + "|\n" * n,
    "empty items": lambda n: "-\n" * n,
    "empty headings": lambda n: "#\n" * n,
    "paragraphs": lambda n: "a\n\n" * n,
    "notes in notes": lambda n: "".join(f"[^{i}]: a[^{i + 1}]\n" for i in range(n)) + "a[^0]",
    "notes with code": lambda n: "[^1]: a\n" + "        b\n\n" * n + "a[^1]",
    "code marked line by line": lambda n: "```a {linenos hl_lines=1-99999}\n" + "\n" * n,
    # parts that are read to an end that never comes
    "keys of code without value": lambda n: "```" + "[a](b" * n + "=" * n + "\n",
    "keys of code with brackets": lambda n: "```a {" + "b=[" * n + "\n",
    "keys of code with quotation marks": lambda n: "```a {" + "b=\"c='" * n + "\n",
    "keys of headings": lambda n: "# a {" + "b=[" * n + "}\n",
    "fences of equal length": lambda n: "```\n~~~\n" * n,
    "formulas without end after spaces": lambda n: "\f$$\n" * n,
    "formulas in lines": lambda n: "$$a" * n,
    "references without end": lambda n: "&#" * n + "&a" * n,
    "character references": lambda n: "&lt;&#60;&#x3c;" * n,
    "mail addresses without end": lambda n: "<a@b" + ".b" * n,
    "addresses in angles without end": lambda n: "<a:" * n,
    "addresses of one line": lambda n: "https://a.b/c " * n,
    "definitions": lambda n: "".join(f"[a{i}]: <b> 'c\n" for i in range(n)),
    "definitions with titles without end": lambda n: "[a]: b '\n" * n,
    "titles without end": lambda n: "[a](b '" * n,
    "nested parentheses": lambda n: "[a](" + "(" * n,
    "labels that are not defined": lambda n: "[a][b]" * n + "\n\n[c]: d\n",
    "marked data": lambda n: "<![CDATA[" * n,
    "tags by turns": lambda n: "<a></a>" * n,
    "attributes without end": lambda n: "<a b='" * n + '<a b="' * n,
    "markers of alerts": lambda n: "> [!NOTE] a\n\n" * n,
    "tasks": lambda n: "- [ ] a\n" * n,
    "escapes": lambda n: "\\*" * n + "\\" * n,
    "words without spaces": lambda n: "é" * n + "日" * n,
    "headings in other scripts": lambda n: "# " + "Ж" * n,
    "pictures": lambda n: "\U0001f600" * n,
    "control characters": lambda n: "\x01" * n,
    "ends of lines": lambda n: "a\r" * n,
}  # fmt: skip


def _convert(text: str) -> RenderedMarkdown | None:
    try:
        return CONVERT(text)
    except ConversionError as error:
        assert str(error)
        return None


def repetitions(family: Callable[[int], str], length: int) -> int:
    """Return how often a family may repeat itself in a text of a length."""

    def fits(times: int) -> bool:
        text = family(times)
        return len(text) <= length and text.count("\n") + text.count("\r") <= MAX_LINES

    low = 1
    while fits(2 * low):
        low *= 2
    for step in (low // 2, low // 4, low // 8):
        low += step if fits(low + step) else 0
    return low


@pytest.mark.parametrize("name", FAMILIES)
def test_the_longest_hostile_text_takes_little_time_and_room(name: str) -> None:
    """A busy machine is asked again."""
    text = FAMILIES[name](repetitions(FAMILIES[name], MAX_LENGTH))
    assert len(text) > MAX_LENGTH / 2 or text.count("\n") + text.count("\r") > MAX_LINES / 2
    for _ in range(5):
        started = time.thread_time()
        document = _convert(text)
        seconds = time.thread_time() - started
        if seconds < MAX_SECONDS:
            break
    assert seconds < MAX_SECONDS
    assert document is None or len(document.html) < MAX_GROWTH * len(text) + MAX_ADDRESS_CHARACTERS


@pytest.mark.parametrize("name", FAMILIES)
def test_four_times_the_hostile_text_takes_about_four_times_as_long(name: str) -> None:
    """Short times say nothing."""
    family = FAMILIES[name]
    size = repetitions(family, 2500)
    large = family(4 * size)
    started = time.thread_time()
    _convert(large)
    if time.thread_time() - started > 0.05:
        assert growth(lambda n: lambda: _convert(family(n)), size) < LINEAR


@pytest.mark.parametrize("name", FAMILIES)
def test_a_megabyte_is_refused_at_once(name: str) -> None:
    text = FAMILIES[name](4000)
    text = text * (1_000_000 // len(text) + 1)
    started = time.perf_counter()
    with pytest.raises(ConversionError, match=r"this text has .* a text of a stranger may have"):
        CONVERT(text)
    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a" * MAX_LENGTH, None),
        (
            "a" * (MAX_LENGTH + 1),
            "this text has 100,001 characters; a text of a stranger may have 100,000",
        ),
        ("a\r\n" * MAX_LINES, None),
        (
            "a\r" * (MAX_LINES + 1),
            "this text has 10,001 lines; a text of a stranger may have 10,000",
        ),
    ],
)
def test_a_text_that_is_too_long_is_refused(text: str, message: str | None) -> None:
    if message is None:
        assert CONVERT(text).html
        return
    with pytest.raises(ConversionError) as caught:
        CONVERT(text)
    assert str(caught.value) == message


@pytest.mark.parametrize("unit", ["[a] ", "![a] ", "[a][] "])
def test_a_definition_cannot_be_used_without_end(unit: str) -> None:
    address = "https://a.example/" + "b" * 1900
    with pytest.raises(ConversionError, match="the addresses and titles of the links of this text"):
        CONVERT(f"[a]: {address}\n\n" + unit * 10_000)
    with pytest.raises(ConversionError, match="the addresses and titles of the links of this text"):
        CONVERT(f"[a]: /b '{'c' * 50_000}'\n\n" + unit * 5_000)
    uses = MAX_ADDRESS_CHARACTERS // len(address)
    assert CONVERT(f"[a]: {address}\n\n" + unit * uses).html.count(address) == uses


@pytest.mark.parametrize(
    ("marker", "tag"), [("> ", "<blockquote>"), ("- ", "<ul>"), ("1. ", "<ol>")]
)
def test_blocks_nest_up_to_a_limit(marker: str, tag: str) -> None:
    html = CONVERT(marker * 500 + "b").html
    assert html.count(tag) == MAX_NESTING
    assert "b" in html


def test_code_is_highlighted_up_to_a_limit() -> None:
    block = "```py\n" + "import os\n" * (MAX_HIGHLIGHTED // 30) + "```\n\n"
    first, second, third, fourth = CONVERT(block * 4).html.split("<pre")[1:]
    assert "<span" in first
    assert "<span" in second
    assert "<span" in third
    assert "<span" not in fourth
    assert "import os" in fourth
