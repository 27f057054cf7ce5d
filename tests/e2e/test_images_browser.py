"""Pictures in Chromium: it loads the variant that fits, and nothing moves when they come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.e2e.file_server import serving_folder
from tests.e2e.image_gallery import (
    PICTURES,
    SIZE,
    deferred_gallery,
    started,
    static_gallery,
)
from tests.e2e.served import serving
from tests.e2e.test_browser import CHROMIUM_FLAGS, chromium

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("image_browser")]

SCREENS = {(400, 1): 400, (400, 2): 800, (1280, 1): 1280, (1280, 2): 1600}
"""Width in CSS pixels and device scale, and the variant that a browser chooses."""
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => shifts.push(...list.getEntries().map(entry => entry.value)))
  .observe({type: "layout-shift", buffered: true});
"""
DECODED = """async image => {
  const alone = new Image();
  alone.src = image.currentSrc;
  await alone.decode();
  return [alone.naturalWidth, alone.naturalHeight];
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return static_gallery(tmp_path_factory.mktemp("static"))


@pytest.fixture(scope="module")
def deferred(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return deferred_gallery(tmp_path_factory.mktemp("deferred"))


@pytest.fixture(scope="module")
def urls(static: Path, deferred: Path) -> Iterator[dict[str, str]]:
    """The page of pictures, of files and of `ssg start`."""
    with serving_folder(static) as files, started(deferred) as server:
        yield {"static": files + "boats/", "deferred": server + "boats/"}


@pytest.fixture(params=["static", "deferred"])
def url(urls: dict[str, str], request: pytest.FixtureRequest) -> str:
    return urls[request.param]


def variants_asked(page: Page) -> list[str]:
    """The names of the variants that a page asks for, as it does."""
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "/_img/" in r.url else None)
    return asked


def see_all(page: Page) -> None:
    """Scrolls from picture to picture, and waits for each."""
    for number in range(len(PICTURES)):
        image = page.locator("img").nth(number)
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True, timeout=15_000)
        expect(image).not_to_have_js_property("naturalWidth", 0)


def test_the_page_is_the_same_whoever_makes_the_variants(static: Path, deferred: Path) -> None:
    (page,) = deferred.rglob("boats/index.html")
    assert page.read_bytes() == (static / "boats/index.html").read_bytes()
    assert len(list((static / "_img").iterdir())) >= 2 * 4 * len(PICTURES)
    assert list(deferred.rglob("*-400.webp")) == []


@pytest.mark.parametrize("screen", SCREENS)
def test_the_variant_that_fits_is_loaded_and_no_other(
    browser: Browser, urls: dict[str, str], screen: tuple[int, int]
) -> None:
    assert_fitting_variants(browser, urls["static"], screen)


def test_the_variant_that_fits_is_made_by_the_server(
    browser: Browser, urls: dict[str, str], deferred: Path
) -> None:
    assert_fitting_variants(browser, urls["deferred"], (1280, 2))
    with serving(deferred.parent) as preview:
        assert_fitting_variants(browser, preview.url + "/boats/", (400, 2))


def assert_fitting_variants(browser: Browser, url: str, screen: tuple[int, int]) -> None:
    """Each picture of a page is loaded once, in the variant for a screen, and has its size."""
    width, scale = screen
    context = browser.new_context(
        viewport={"width": width, "height": 800}, device_scale_factor=scale
    )
    page = context.new_page()
    asked = variants_asked(page)
    page.goto(url)
    see_all(page)
    shown = [image.evaluate("image => image.currentSrc") for image in page.locator("img").all()]
    assert sorted(asked) == sorted(shown)
    wanted = SCREENS[screen]
    assert {source.rpartition("-")[2] for source in shown} == {f"{wanted}.webp"}
    sizes = {tuple(image.evaluate(DECODED)) for image in page.locator("img").all()}
    assert sizes == {(wanted, wanted * SIZE[1] // SIZE[0])}
    context.close()


def test_only_pictures_that_come_into_sight_are_loaded(browser: Browser, url: str) -> None:
    page = browser.new_page(viewport={"width": 400, "height": 800})
    asked = variants_asked(page)
    page.goto(url, wait_until="networkidle")
    images = page.locator("img")
    assert [images.nth(n).get_attribute("loading") for n in (0, 1)] == ["eager", "lazy"]
    assert asked == [images.first.evaluate("image => image.currentSrc")]
    see_all(page)
    assert len(set(asked)) == len(asked) == len(PICTURES)
    page.close()


def layout_shifts(browser: Browser, url: str, *, without_sizes: bool) -> list[float]:
    """What moves when pictures come long after the text, from the top to the end."""
    page = browser.new_page(viewport={"width": 400, "height": 800})
    page.add_init_script(WATCH_SHIFTS)
    late: list[Route] = []
    page.route("**/_img/**", lambda route: late.append(route))  # noqa: PLW0108 a builtin has no signature
    if without_sizes:
        page.route("**/boats/", strip_sizes)
    page.goto(url, wait_until="domcontentloaded")
    page.wait_for_timeout(200)  # the text has its place
    assert len(late) == 1
    for route in late:
        route.continue_()
    page.unroute("**/_img/**")
    see_all(page)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 100)))")
    shifts: list[float] = page.evaluate("shifts")
    page.close()
    return shifts


def strip_sizes(route: Route) -> None:
    answer = route.fetch()
    text = answer.text().replace(f'width="{SIZE[0]}"', "").replace(f'height="{SIZE[1]}"', "")
    route.fulfill(
        response=answer, body=text.replace("<p>", "<p>Boats. ").replace("</p>", " Boats.</p>")
    )


def test_nothing_moves_when_pictures_come_late(browser: Browser, url: str) -> None:
    assert layout_shifts(browser, url, without_sizes=False) == []


def test_without_sizes_the_text_would_move(browser: Browser, url: str) -> None:
    assert sum(layout_shifts(browser, url, without_sizes=True)) > 0
