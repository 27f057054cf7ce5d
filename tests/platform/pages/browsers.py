"""Fixtures of a browser, and of the platform that it asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e.test_browser import CHROMIUM_FLAGS, chromium
from tests.platform.pages.served import ServedApi, served_api
from tests.platform.site.conftest import PlatformSite, platform_site

__all__ = ["browser", "context", "page", "platform_site", "served"]

WAIT_MILLISECONDS = 10_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, platform_site: PlatformSite
) -> Iterator[ServedApi]:
    with served_api(tmp_path_factory.mktemp("api"), platform_site.built.report.output) as running:
        yield running


@pytest.fixture
def context(browser: Browser, served: ServedApi) -> Iterator[BrowserContext]:
    opened = browser.new_context(base_url=served.url, reduced_motion="reduce")
    opened.set_default_timeout(WAIT_MILLISECONDS)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page. An error of its scripts fails the test."""
    opened, errors = context.new_page(), list[str]()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    assert errors == []
