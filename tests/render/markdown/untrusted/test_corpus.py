"""No text of the corpus gets an element, attribute or address past the converter."""

from __future__ import annotations

import pytest

from ssg.model.settings import MarkdownSettings, SiteSettings
from ssg.render.markdown.converter import RenderedMarkdown
from ssg.render.markdown.page_state import ConversionError, TocEntry
from ssg.render.markdown.untrusted.converter import UntrustedMarkdown
from tests.render.markdown.test_converter import convert as trusted
from tests.render.markdown.untrusted.allowed_html import CheckedHtml
from tests.render.markdown.untrusted.corpus import HTML_PLACES, TARGET_PLACES, texts

CONVERTERS = {
    "plain": UntrustedMarkdown(SiteSettings(base_url="https://own.example/")),
    "all": UntrustedMarkdown(
        SiteSettings(
            base_url="https://own.example/sub/",
            markdown=MarkdownSettings(
                raw_html=True, math=True, smart_punctuation=True, auto_summary=True,
                line_numbers=True,
            ),
        )
    ),
}  # fmt: skip
"""By the settings of their sites. That a site allows HTML counts for its own texts only."""


def check(document: RenderedMarkdown) -> CheckedHtml:
    """Assert that all parts of a document are of the list of what is allowed."""
    checked, summary = CheckedHtml(document.html), CheckedHtml(document.summary)
    assert not summary.ids
    ids = [entry.id for entry in _entries(document.toc)]
    assert set(ids) <= {*checked.ids}
    document.html.encode()
    return checked


def _entries(toc: tuple[TocEntry, ...] | list[TocEntry]) -> list[TocEntry]:
    return [found for entry in toc for found in (entry, *_entries(entry.children))]


@pytest.mark.parametrize("name", CONVERTERS)
def test_every_text_of_the_corpus_is_harmless(name: str) -> None:
    convert = CONVERTERS[name].convert
    for text in texts():
        try:
            check(convert(text))
        except AssertionError as error:
            raise AssertionError(text) from error


def test_the_check_finds_what_the_converter_of_a_site_lets_through() -> None:
    """Its own texts may contain HTML: the check must fail for most of the corpus."""
    found = 0
    for text in texts():
        try:
            CheckedHtml(trusted(text).html)
        except (AssertionError, ConversionError):
            found += 1
    assert found > 3000


def test_the_corpus_has_many_texts() -> None:
    assert len({*texts()}) > 6000
    assert len(HTML_PLACES) + len(TARGET_PLACES) > 50
