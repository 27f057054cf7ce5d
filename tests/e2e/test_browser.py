"""The preview in a real browser: pages, the cache at work, no error on the console."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, sync_playwright

from tests.e2e.netlify import copy_site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preview:
    """A running `ssg serve`, and a deferred page of its site."""

    url: str
    folder: Path


def chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        assert not os.environ.get("CI"), "Chromium is not installed"
        pytest.skip("Chromium is not installed")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page; whatever its console or its scripts complain of fails the test."""
    opened = browser.new_page()
    complaints: list[str] = []
    opened.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    opened.close()
    assert [text for text in complaints if "404" not in text] == []


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    folder = tmp_path_factory.mktemp("preview")
    copy_site(folder)
    process = subprocess.Popen(
        [sys.executable, "-m", "ssg", "serve", "--port", "0"], cwd=folder,
        env={**os.environ, "NO_COLOR": "1"}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stderr
        started = next(line for line in process.stderr if "http://" in line)
        found = re.search(r"http://127\.0\.0\.1:\d+", started)
        assert found
        yield Preview(found.group(), folder)
    finally:
        process.terminate()
        process.wait(15)


def visit(page: Page, url: str) -> Response:
    response = page.goto(url)
    assert response
    return response


def deferred_path(preview: Preview) -> str:
    shown = subprocess.run(
        [sys.executable, "-m", "ssg", "plan"], cwd=preview.folder, capture_output=True, text=True
    ).stdout
    return next(line.split()[0] for line in shown.splitlines() if " deferred " in line)


def test_the_home_page_and_a_critical_page_open(page: Page, preview: Preview) -> None:
    assert visit(page, preview.url + "/").status == 200
    assert page.locator("h1").count() == 1
    assert visit(page, preview.url + "/docs/getting-started/").status == 200
    assert page.title().startswith("Getting started")


def test_a_deferred_page_is_a_miss_and_then_a_hit(page: Page, preview: Preview) -> None:
    url = preview.url + deferred_path(preview)
    first = visit(page, url)
    shown = first.body()
    second = visit(page, url)
    assert (first.status, second.status) == (200, 200)
    assert "fwd=uri-miss" in first.headers["cache-status"]
    assert "; hit" in second.headers["cache-status"]
    assert second.body() == shown


def test_an_unknown_address_shows_the_site_s_own_error_page(page: Page, preview: Preview) -> None:
    assert visit(page, preview.url + "/no/such/page/").status == 404
    assert "not found" in page.locator("h1").inner_text().lower()


def test_a_saved_change_reloads_the_page(page: Page, preview: Preview) -> None:
    visit(page, preview.url + "/docs/getting-started/")
    source = preview.folder / "content/docs/getting-started.md"
    source.write_text(source.read_text("utf-8") + "\n\nA line added just now.\n", "utf-8")
    page.get_by_text("A line added just now.").wait_for(timeout=15_000)


def test_a_broken_template_shows_over_the_page_and_goes_when_mended(
    page: Page, preview: Preview
) -> None:
    visit(page, preview.url + "/docs/")
    template = preview.folder / "templates/page.html"
    template.parent.mkdir(exist_ok=True)
    template.write_text("{% if %}", "utf-8")
    page.get_by_text("templates/page.html:1").wait_for(timeout=15_000)
    template.unlink()
    page.get_by_text("templates/page.html:1").wait_for(state="detached", timeout=15_000)
