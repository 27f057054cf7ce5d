"""In Chromium no attack of the corpus runs or loads anything once it is sanitised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser, Dialog, Route, sync_playwright

from ssg.images.svg import sanitize_svg
from tests.e2e.test_browser import CHROMIUM_FLAGS, chromium
from tests.images.test_svg import ATTACKS, HEAD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("svg-browser")]

RAW = {f"/{n}.svg": f'{HEAD}{attack}<rect width="5"/></svg>' for n, attack in enumerate(ATTACKS)}
SAFE = {path: sanitize_svg(text.encode()).decode() for path, text in RAW.items()}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


def deeds(browser: Browser, drawings: Mapping[str, str]) -> set[str]:
    """What drawings do when a browser opens them as documents: requests and dialogs."""
    page, done = browser.new_page(base_url="http://drawings.test"), set[str]()
    frames = "".join(f'<iframe src="{path}"></iframe>' for path in drawings)

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix("http://drawings.test")
        if path == "/":
            route.fulfill(body=frames, content_type="text/html")
        elif path in drawings:
            route.fulfill(body=drawings[path], content_type="image/svg+xml")
        else:
            done.add(route.request.url)
            route.abort()

    def dismiss(dialog: Dialog) -> None:
        done.add(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.route("**/*", answer)
    page.on("dialog", dismiss)
    page.goto("/", wait_until="load")
    page.wait_for_timeout(300)
    page.close()
    return done


def test_no_attack_does_anything(browser: Browser) -> None:
    assert {"dialog: 1", "https://example.org/a.png"} <= deeds(browser, RAW)
    assert deeds(browser, SAFE) == set()
