"""Filters for texts and addresses of strangers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from ssg.render.markdown.untrusted.limits import MAX_LENGTH
from ssg.render.templates.filters import safe_url
from tests.conftest import Built
from tests.render.markdown.untrusted.allowed_html import CheckedHtml
from tests.render.markdown.untrusted.corpus import HTML, TARGETS

PAGE = "content/a.md"


def test_a_comment_is_formatted_but_cannot_harm(site: Callable[..., Built]) -> None:
    template = "{% for text in page.extra.comments %}"
    template += "{{ text | untrusted_markdown(name=loop.index) }}{% endfor %}"
    texts = ["*a*[^1] <b> {{ x() }}\n\n[^1]: c", "# d [e](javascript:f)[^1]\n\n[^1]: g"]
    own = site({PAGE: _front(texts), "templates/page.html": template})
    checked = CheckedHtml(own.read("a/index.html"))
    assert "<b> {{ x() }}" in checked.text
    assert {"user-1-fn-1", "user-2-fn-1", "user-2-d-e"} <= {*checked.ids}


def test_all_attacks_on_one_page_are_harmless(site: Callable[..., Built]) -> None:
    template = "{% for text in page.extra.comments %}"
    template += "{{ text | untrusted_markdown(name=loop.index) }}{% endfor %}"
    texts = [text for text in HTML if text.isprintable()]
    own = site({PAGE: _front(texts), "templates/page.html": template})
    assert len(CheckedHtml(own.read("a/index.html")).text) > 1000


@pytest.mark.parametrize("inline", ["false", "true"])
def test_a_text_that_is_too_long_is_shown_as_it_is_written(
    inline: str, site: Callable[..., Built]
) -> None:
    template = f"{{{{ page.extra.comments[0] | untrusted_markdown(inline={inline}) }}}}"
    text = "*a* <b> " * (MAX_LENGTH // 8 + 1)
    own = site({PAGE: _front([text]), "templates/page.html": template})
    html = own.read("a/index.html")
    assert html.count("*a* &lt;b&gt;") == MAX_LENGTH // 8 + 1
    assert html.startswith("<p>") == (inline == "false")


def test_no_text_is_an_empty_text(site: Callable[..., Built]) -> None:
    template = "[{{ none | untrusted_markdown }}{{ '' | untrusted_markdown }}{{ none | safe_url }}]"
    own = site({PAGE: "a", "templates/page.html": template})
    assert own.read("a/index.html") == "[]"


@pytest.mark.parametrize(
    "url", ["https://a.example/b?c=d&e#f", "/a", "b/c", "mailto:a@b.example", "?a=b"]
)
def test_a_harmless_address_stays(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize("target", TARGETS)
def test_an_address_that_could_harm_is_removed(target: str) -> None:
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", safe_url(target))
    assert scheme is None or scheme[1].lower() in {"http", "https", "mailto"}
    assert not safe_url(target).startswith(("//", "\\", "/\\"))


def _front(texts: list[str]) -> str:
    return f"---\nextra: {json.dumps({'comments': texts})}\n---\n"
