"""The dashboard's script in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Built
from tests.preview.dashboard.test_tags import PAGE, TAG, deploy
from tests.preview.dashboard_page import console
from tests.preview.test_browser import SECONDS, browser_page, page  # noqa: F401 fixtures

pytestmark = pytest.mark.browser


def test_tags_stay_open_while_figures_change_and_a_typed_tag_is_purged(
    page: Page,  # noqa: F811 the fixture
    tmp_path: Path,
    built: Built,
) -> None:
    with console(tmp_path) as preview:
        deploy(preview, built)
        preview.get(PAGE)
        page.goto(f"{preview.origin}/__ssg/?q={PAGE}")
        tags = page.locator("#list details")
        tags.locator("summary").click()
        preview.get(PAGE)
        expect(page.locator("[data-name=hits]").first).to_have_text("1", timeout=5 * SECONDS)
        assert tags.get_attribute("open") is not None
        page.fill("#purge-tag", TAG)
        page.press("#purge-tag", "Enter")
        told = page.locator("#result")
        expect(told).to_have_text(f"Purged 1 response by {TAG}.", timeout=5 * SECONDS)
        assert page.locator("#list").inner_text().count("not cached") == 1
        page.goto("about:blank")
