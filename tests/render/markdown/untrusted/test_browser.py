"""No text of the corpus runs in a browser, without a Content-Security-Policy.

The browser is the judge of what runs, of where a link leads, and of where an element ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Route

from ssg.render.markdown.page_state import ConversionError
from tests.e2e.test_browser import browser  # noqa: F401 a fixture
from tests.render.markdown.test_converter import convert as trusted
from tests.render.markdown.untrusted.corpus import HTML, TARGETS, texts
from tests.render.markdown.untrusted.test_corpus import CONVERTERS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

URL = "https://own.example/page/"
TEXTS_OF_A_PAGE = 400

NOTE_WHAT_RUNS = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "open"])
  window[name] = top[name] = (...args) => { top.ran.push(name + ":" + args); };
"""
"""Runs before each document, and in each frame."""

TRY_EVERYTHING = """async () => {
  const elements = [...document.querySelectorAll("section *")];
  const bad = [];
  document.addEventListener("click", event => {  // a script runs, but nobody leaves the page
    const link = event.target.closest("a[href]");
    if (link && link.protocol !== "javascript:") event.preventDefault();
  });
  for (const element of elements) {
    const text = element.closest("section").dataset.text;
    for (const {name, value} of element.attributes)
      if (name.startsWith("on") || name === "name" || name === "srcdoc"
          || (name === "id" && !value.startsWith("user-")))
        bad.push([text, name, value]);
    const url = String(element.href?.baseVal ?? element.href ?? element.src ?? "");
    const scheme = URL.canParse(url) ? new URL(url).protocol : url.replace(/:.*/s, ":");
    if (url && !["http:", "https:", "mailto:"].includes(scheme))
      bad.push([text, "address", url]);
    if (element.host && element.host !== location.host && !element.rel.includes("ugc nofollow"))
      bad.push([text, "rel", url]);
    for (const name of ["mouseover", "mouseenter", "pointerenter", "focus", "focusin", "toggle"])
      element.dispatchEvent(new Event(name, {bubbles: true}));
    if (element.focus) element.focus();
    if (["javascript:", "vbscript:", "data:"].includes(element.protocol) || !element.href)
      element.click && element.click();
  }
  await new Promise(done => setTimeout(done, 50));
  return {
    ran: window.ran, bad, elements: elements.length,
    sections: document.querySelectorAll("body > section").length,
    children: document.body.children.length,
    changed: ["document", "location", "cookie", "config", "x"].filter(
      name => window[name] instanceof Element || document[name] instanceof Element),
  };
}"""


@pytest.fixture
def show(browser: Browser) -> Iterator[Callable[[Iterable[str]], dict[str, Any]]]:  # noqa: F811 the fixture
    """Show pieces of HTML on a page, try everything, and return what the browser saw."""
    context = browser.new_context(bypass_csp=True)
    context.add_init_script(NOTE_WHAT_RUNS)

    def show_pieces(pieces: Iterable[str]) -> dict[str, Any]:
        sections = "".join(
            f'<section data-text="{number}">{html}</section>\n'
            for number, html in enumerate(pieces)
        )
        return _seen(context, f"<!doctype html><meta charset=utf-8><body>{sections}")

    yield show_pieces
    context.close()


def _seen(context: BrowserContext, document: str) -> dict[str, Any]:
    page = context.new_page()
    page.set_default_timeout(60_000)

    def answer(route: Route) -> None:
        if route.request.url == URL and route.request.is_navigation_request():
            route.fulfill(body=document, content_type="text/html; charset=utf-8")
        else:
            route.abort()

    def dismiss(dialog: Dialog) -> None:
        dialog.dismiss()

    page.route("**/*", answer)
    page.on("dialog", dismiss)
    try:
        page.goto(URL)
        seen: dict[str, Any] = page.evaluate(TRY_EVERYTHING)
        return seen
    finally:
        page.close()


def test_nothing_of_the_corpus_runs(show: Callable[[Iterable[str]], dict[str, Any]]) -> None:
    pieces = [CONVERTERS["all"].convert(text).html for text in texts()]
    elements = 0
    for start in range(0, len(pieces), TEXTS_OF_A_PAGE):
        shown = pieces[start : start + TEXTS_OF_A_PAGE]
        seen = show(shown)
        assert seen["ran"] == []
        assert seen["bad"] == [], [shown[int(text)] for text, *_ in seen["bad"]]
        assert seen["changed"] == []
        assert seen["sections"] == seen["children"] == len(shown), "an element leaves its section"
        elements += seen["elements"]
    assert elements > 10_000


def test_the_corpus_runs_where_html_is_allowed(
    show: Callable[[Iterable[str]], dict[str, Any]],
) -> None:
    """The control: the same texts, converted as those of a site."""
    some = HTML[::8]
    ran = [text for text in some if show([_trusted(text)])["ran"]]
    assert len(ran) > len(some) / 4


def test_addresses_of_the_corpus_run_where_they_are_not_checked(
    show: Callable[[Iterable[str]], dict[str, Any]],
) -> None:
    """The control of the check of addresses."""
    links = [f'<a href="{target}">a</a>' for target in TARGETS if '"' not in target]
    bad = show(links)["bad"]
    assert len(bad) > 40
    assert {name for _, name, _ in bad} == {"address", "rel"}


def _trusted(text: str) -> str:
    try:
        return trusted(text).html
    except ConversionError:
        return ""
