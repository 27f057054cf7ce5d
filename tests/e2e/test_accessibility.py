"""axe-core finds nothing wrong with the dashboard, nor with a page of the themes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.served import Served, serving, write_site
from tests.e2e.test_browser import CHROMIUM_FLAGS, chromium
from tests.e2e.theme_site import TEMPLATES, build_theme_site, serving_files

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

AXE = Path(__file__).parent / "checks/node_modules/axe-core/axe.min.js"
SCHEMES = ("light", "dark")
WIDTHS = (1280, 390)
DASHBOARD = ("", "?show=deferred&sort=hits", "?show=errors", "?q=nothing-like-it")


@pytest.fixture(scope="module")
def axe() -> str:
    """The checks, as a script."""
    if not AXE.exists():
        assert not os.environ.get("CI"), "axe-core is not installed"
        pytest.skip("axe-core is not installed: npm install --prefix tests/e2e/checks")
    return AXE.read_text("utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site with traffic, a page that failed, a warning and a clock that is ahead."""
    folder = tmp_path_factory.mktemp("served")
    write_site(folder)
    draft = "---\ntitle: Draft\ndraft: true\ntitel: x\n---\n"
    (folder / "content/posts/draft.md").write_text(draft)
    with serving(folder) as running:
        yield running


@pytest.fixture(params=SCHEMES)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    # The dashboard allows no scripts but its own; axe is one more.
    # What is half faded in has less contrast than what it becomes.
    context = browser.new_context(
        color_scheme=request.param, bypass_csp=True, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def any_look(browser: Browser) -> Iterator[Page]:
    """A page whose width and colors a test changes: a new one for each takes long to open."""
    context = browser.new_context(bypass_csp=True, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def violations(page: Page, axe: str) -> list[str]:
    """What axe complains of in the page that is open."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{each['id']}: {json.dumps([node['html'] for node in each['nodes']])}" for each in found
    ]


def violations_of_looks(
    page: Page, axe: str, url: str, opened: Callable[[Page], None] | None = None
) -> list[str]:
    """What axe complains of in a page of any width, in light and in dark, once it is `opened`."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(url)
        if opened:
            opened(page)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found += [f"{scheme}, {width} px: {one}" for one in violations(page, axe)]
    return found


def test_axe_finds_what_is_wrong(page: Page, axe: str) -> None:
    page.set_content("<main><img src='data:,'><button></button></main>")
    assert {text.partition(":")[0] for text in violations(page, axe)} >= {
        "button-name",
        "image-alt",
    }


FAINT = """<!doctype html><html lang=en><title>A</title><main><h1>A</h1><p>Faint.</p></main><style>
@media (prefers-color-scheme: dark) and (width < 600px) { p { color: #777; background: #666 } }
</style></html>"""


def test_axe_finds_what_is_wrong_in_one_look(any_look: Page, axe: str) -> None:
    found = violations_of_looks(any_look, axe, "data:text/html," + quote(FAINT))
    assert found == ['dark, 390 px: color-contrast: ["<p>Faint.</p>"]']


@pytest.fixture(scope="module", params=["default", "plain"])
def themed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The URL of a site that has a page of every template, in one theme after the other."""
    root = build_theme_site(tmp_path_factory.mktemp(request.param), request.param)
    with serving_files(root) as url:
        yield url


@pytest.mark.parametrize("path", TEMPLATES)
def test_every_template(any_look: Page, themed: str, axe: str, path: str) -> None:
    assert violations_of_looks(any_look, axe, themed + path) == []
    assert any_look.locator("h1").count() == 1


@pytest.fixture(scope="module")
def default_theme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_files(build_theme_site(tmp_path_factory.mktemp("opened"))) as url:
        yield url


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ["docs/cranes/", "ar/"])
def test_what_opens_over_a_page(
    page: Page, default_theme: str, axe: str, path: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(default_theme + path)
    page.locator(".languages summary").click()
    assert violations(page, axe) == []
    page.keyboard.press("/")
    assert violations(page, axe) == []
    page.keyboard.type("قوارب" if path == "ar/" else "boats")
    page.get_by_role("option").first.wait_for()
    assert violations(page, axe) == []
    page.keyboard.press("Escape")
    if page.locator(".jump").is_visible():
        page.locator(".jump").click()
        assert violations(page, axe) == []


@pytest.mark.parametrize("query", DASHBOARD)
def test_the_dashboard(any_look: Page, served: Served, axe: str, query: str) -> None:
    make_traffic(any_look, served)
    assert violations_of_looks(any_look, axe, served.dashboard + query, open_details) == []


def open_details(page: Page) -> None:
    """Show all that a dashboard can show."""
    for summary in page.locator("summary").all():
        summary.click()
    page.locator("#pulse").wait_for()


def make_traffic(page: Page, served: Served) -> None:
    """Let every kind of row and plot appear."""
    page.goto(served.dashboard)
    for name in ("+1 hour", "Make the next render fail"):
        button = page.get_by_role("button", name=name, exact=True)
        if button.count():
            button.click()
    page.locator("#controls", has_text="the next render fails").wait_for()
    page.locator("button[name=render]").first.click()
    page.locator("#result.bad").wait_for()
    page.get_by_role("button", name="+1 hour", exact=True).click()
    for number in (1, 1, 2, 3):
        served.read(f"/posts/post-{number:02}/")
