"""The part of the dashboard about live pages in a real browser."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Page, expect

from tests.preview.sources.test_live_dashboard import PAGE, Make, api, live  # noqa: F401 fixtures
from tests.preview.test_browser import SECONDS, browser_page, page  # noqa: F401 fixtures

pytestmark = pytest.mark.browser


def test_calls_and_switches_follow_what_happens(
    page: Page,  # noqa: F811 the fixture
    live: Make,  # noqa: F811 the fixture
) -> None:
    preview = live()
    page.goto(f"{preview.console.origin}/__ssg/")
    preview.page()
    calls = page.locator("#live-calls")
    expect(calls).to_contain_text("The last 1 request", timeout=5 * SECONDS)
    expect(page.locator("#live-list")).to_contain_text(PAGE)
    calls.locator("summary").click()
    page.click("#fault-api-down")
    expect(page.locator("#result")).to_have_text("The source api is down.", timeout=5 * SECONDS)
    expect(page.locator("#live-sources")).to_contain_text("is down")
    preview.console.do(purge_all="1")
    assert preview.page()[0] == 500
    expect(calls).to_contain_text("api is down: so says the dashboard", timeout=5 * SECONDS)
    expect(page.locator("#live-list .failure")).to_contain_text("api is down")
    assert calls.locator("details").get_attribute("open") is not None
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/live.png", full_page=True)
    page.goto("about:blank")
