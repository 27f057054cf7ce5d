"""Live reload in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, sync_playwright

from ssg.model.errors import Location, Problem
from ssg.runtime.http import Failure, Response
from tests.preview.running import HTML, Preview, always, previewing

pytestmark = pytest.mark.browser

EVIL = "<img src=x onerror=document.title='hacked'>"
PAGE = '<!doctype html><head><link rel="stylesheet" href="/app.css"></head><body><h1>{}</h1></body>'
SECONDS = 1000  # playwright counts in milliseconds


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium") or None, args=["--no-sandbox"]
            )
        except Error:
            pytest.skip("no Chromium here")
        yield browser.new_page()
        browser.close()


@pytest.fixture
def page(browser_page: Page) -> Iterator[Page]:
    yield browser_page
    browser_page.goto("about:blank")


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    with previewing(tmp_path) as preview:
        write(preview, "one", "rgb(1, 1, 1)")
        yield preview


def write(preview: Preview, title: str, colour: str) -> None:
    (preview.publish_dir / "index.html").write_text(PAGE.format(title))
    (preview.publish_dir / "app.css").write_text(f"h1 {{ color: {colour} }}")


def visit(page: Page, preview: Preview, path: str = "/") -> None:
    """Open a page, mark its window, and wait for its event stream."""
    with page.expect_response("**/__ssg/events"):
        page.goto(f"http://127.0.0.1:{preview.port}{path}")
    page.evaluate("window.mark = true")


def problems_shown(page: Page) -> str:
    inside = page.locator("#ssg-problems div").first  # reaches into the shadow tree
    return inside.inner_text(timeout=5 * SECONDS)


def test_a_new_build_reloads_the_page(page: Page, preview: Preview) -> None:
    visit(page, preview)
    write(preview, "two", "rgb(1, 1, 1)")
    preview.app.deploy(preview.deployment("build-2"))
    page.wait_for_selector("h1:text('two')", timeout=5 * SECONDS)
    assert page.evaluate("window.mark") is None


def test_new_styles_alone_are_swapped_without_a_reload(page: Page, preview: Preview) -> None:
    visit(page, preview)
    for number in (2, 3):
        colour = f"rgb({number}, 0, 0)"
        write(preview, "one", colour)
        changed = frozenset({"/app.css"})
        preview.app.deploy(preview.deployment(f"build-{number}", changed_paths=changed))
        page.wait_for_function(
            f"getComputedStyle(document.querySelector('h1')).color === '{colour}'",
            timeout=5 * SECONDS,
        )
    page.wait_for_function("document.querySelectorAll('link').length === 1", timeout=5 * SECONDS)
    assert page.evaluate("window.mark") is True


def test_problems_are_drawn_as_text_and_cleared_by_a_good_build(
    page: Page, preview: Preview
) -> None:
    visit(page, preview)
    preview.app.report([Problem(f"bad {EVIL}", Location("content/a.md", 3), f"try {EVIL}")])
    shown = problems_shown(page)
    assert f"bad {EVIL}" in shown
    assert "content/a.md:3" in shown
    assert f"try {EVIL}" in shown
    assert page.title() != "hacked"
    preview.app.deploy(preview.deployment("build-1"))
    page.wait_for_selector("#ssg-problems", state="detached", timeout=5 * SECONDS)
    assert page.evaluate("window.mark") is True


def test_a_page_that_failed_shows_why(page: Page, preview: Preview) -> None:
    failure = Failure(f"undefined {EVIL}", "page.html", 7)
    sorry = Response(500, b"<body>Sorry</body>", HTML, failure=failure)
    preview.builder.answer_with = always(sorry)
    visit(page, preview, "/deferred/")
    shown = problems_shown(page)
    assert f"undefined {EVIL}" in shown
    assert "page.html:7" in shown
    assert page.title() != "hacked"


def test_a_page_finds_a_server_that_was_started_again(page: Page, tmp_path: Path) -> None:
    with previewing(tmp_path) as preview:
        write(preview, "one", "red")
        port = preview.port
        visit(page, preview)
    with previewing(tmp_path, port=port, deploy=False) as preview:
        write(preview, "two", "red")
        preview.app.deploy(preview.deployment("build-2"))
        page.wait_for_selector("h1:text('two')", timeout=10 * SECONDS)


def test_a_page_that_only_the_preview_shows_has_a_badge(page: Page, preview: Preview) -> None:
    visit(page, preview)
    assert page.locator("#ssg-mark").count() == 0
    preview.app.deploy(preview.deployment("build-2", left_out={"/": f"draft {EVIL}"}))
    badge = page.locator("#ssg-mark div").first
    assert badge.inner_text(timeout=5 * SECONDS) == f"draft {EVIL}"
    assert badge.is_visible()
    assert page.title() != "hacked"
