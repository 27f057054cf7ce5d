"""Takes the screenshots of the documentation: `python -m tests.e2e.screenshots`."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.e2e.served import Served, serving, write_site
from tests.e2e.test_browser import CHROMIUM_FLAGS, chromium

DOCS = Path(__file__).parents[2] / "content/docs"
SIZE = {"width": 1000, "height": 640}
SCALE = 2
COLORS = 128


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        context = browser.new_context(
            viewport=SIZE, device_scale_factor=SCALE, reduced_motion="reduce", color_scheme="light"
        )
        write_site(Path(folder))
        with serving(Path(folder)) as served:
            take_screenshots(context.new_page(), served)
        browser.close()


def take_screenshots(page: Page, served: Served) -> None:
    """The dashboard after some traffic, and a page in the default theme."""
    for number in (1, 1, 2, 3, 3, 3, 5, 8, 8):
        served.read(f"/posts/post-{number:02}/")
    page.goto(served.dashboard)
    page.locator("#pulse").wait_for()
    save(page, DOCS / "dashboard.png")
    page.goto(served.url + "/posts/post-03/")
    save(page, DOCS / "default-theme.png")


def save(page: Page, file: Path) -> None:
    """In few colors: text and plain areas need no more."""
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot.quantize(COLORS, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    main()
