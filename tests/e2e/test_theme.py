"""The default theme in a real browser: search, colours, keyboard, phone, without scripts."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.test_browser import CHROMIUM_FLAGS, chromium
from tests.e2e.theme_site import TEMPLATES, build_theme_site, serving_files

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MISSING = ("the server responded with a status of 404 (Not Found)", "503 (Service Unavailable)")
"""What a browser says of the pages that these tests have missing."""
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_files(build_theme_site(tmp_path_factory.mktemp("theme"))) as found:
        yield found


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport=WIDE)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, url: str) -> Iterator[Page]:
    """A page; what its console complains of fails the test, and so does a request elsewhere."""
    complaints: list[str] = []
    opened = context.new_page()
    opened.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda r: None if r.url.startswith(url) else complaints.append(r.url))
    yield opened
    assert [text for text in complaints if not text.endswith(MISSING)] == []


def test_every_template_opens_without_a_complaint(page: Page, url: str) -> None:
    for path in TEMPLATES:
        page.goto(url + path, wait_until="networkidle")
        assert page.locator("h1").count() == 1
        assert page.locator("main").is_visible()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_page_is_wider_than_the_window(page: Page, url: str, size: dict[str, int]) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]  # it is one
    for path in TEMPLATES:
        page.goto(url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path


# -- search --------------------------------------------------------------------------------------


def test_search_with_the_keyboard_alone(page: Page, url: str) -> None:
    page.goto(url + "docs/cranes/")
    page.keyboard.press("/")
    box = page.get_by_role("combobox")
    expect(box).to_be_focused()
    page.keyboard.type("boats of day")
    options = page.get_by_role("option")
    expect(options).to_have_count(12)
    expect(page.get_by_role("status")).to_have_text("Results: 12")
    expect(box).to_have_attribute("aria-expanded", "true")
    first, second = options.nth(0), options.nth(1)
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(second).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", second.get_attribute("id") or "")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    target = options.last.get_attribute("href") or ""
    page.keyboard.press("Enter")
    page.wait_for_url("**" + target)
    assert page.locator("h1").inner_text().startswith("Boats of day")


def test_enter_does_not_wait_for_the_pause_after_typing(page: Page, url: str) -> None:
    page.goto(url)
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("zephyr7")
    page.keyboard.press("Enter")
    page.wait_for_url("**/blog/day-7/")


def test_escape_closes_the_search_and_gives_the_focus_back(page: Page, url: str) -> None:
    page.goto(url)
    opener = page.get_by_role("button", name="Search")
    opener.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(page.get_by_role("status")).to_have_text(re.compile("Enter"))
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_slash_in_a_field_is_a_slash(page: Page, url: str) -> None:
    page.goto(url)
    page.keyboard.press("/")
    page.keyboard.type("a/b")
    expect(page.get_by_role("combobox")).to_have_value("a/b")


def test_a_click_beside_the_search_closes_it(page: Page, url: str) -> None:
    page.goto(url)
    page.keyboard.press("/")
    page.mouse.click(20, 500)
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_each_language_searches_its_own_pages(page: Page, url: str) -> None:
    page.goto(url + "ar/")
    page.keyboard.press("/")
    page.keyboard.type("قوارب")
    option = page.get_by_role("option")
    expect(option).to_have_count(1)
    assert (option.get_attribute("href") or "").endswith("/ar/blog/day-1/")


def test_a_search_finds_new_words_with_an_old_table_of_contents_in_the_cache(
    context: BrowserContext, tmp_path: Path
) -> None:
    old = build_theme_site(tmp_path / "old")
    new = build_theme_site(tmp_path / "new", boat="brigantine")
    for contents in new.rglob("search/en.json"):  # not in the second of the old one
        os.utime(contents, (time.time() + 10,) * 2)
    page = context.new_page()
    with serving_files(old) as url:
        page.goto(url)
        assert _found(page, "dinghy") == 12
        old.rename(tmp_path / "away")
        new.rename(old)
        page.reload()
        assert _found(page, "brigantine") == 12


def _found(page: Page, words: str) -> int:
    """The number of results of a search."""
    page.keyboard.press("/")
    page.keyboard.type(words)
    expect(page.get_by_role("status")).to_have_text(re.compile("Results|Nothing"))
    return page.get_by_role("option").count()


def test_a_search_that_cannot_be_reached_says_so(page: Page, url: str) -> None:
    page.route("**/search/**", lambda route: route.fulfill(status=503))
    page.goto(url)
    page.keyboard.press("/")
    page.keyboard.type("boat")
    expect(page.get_by_role("status")).to_have_text("The search cannot be reached")
    page.unroute("**/search/**")
    page.keyboard.type("s")
    expect(page.get_by_role("option").first).to_be_visible()


# -- colours -------------------------------------------------------------------------------------


def ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_the_colours_are_those_of_the_system_until_one_is_chosen(page: Page, url: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(url)
    light = ground(page)
    page.emulate_media(color_scheme="dark")
    dark = ground(page)
    assert light != dark
    switch = page.get_by_role("button", name="Colours")
    switch.click()
    expect(switch).to_have_attribute("aria-label", "Colours: light")
    assert ground(page) == light
    page.goto(url + "blog/")
    assert ground(page) == light
    switch.click()
    page.emulate_media(color_scheme="light")
    assert ground(page) == dark
    switch.click()
    expect(switch).to_have_attribute("aria-label", "Colours: as the system has them")
    assert ground(page) == light


def test_chosen_colours_are_there_from_the_first_picture(page: Page, url: str) -> None:
    page.goto(url)
    page.evaluate("localStorage.setItem('scheme', 'dark')")
    page.add_init_script(
        "new PerformanceObserver(() => {"
        " window.drawn ??= document.documentElement.dataset.scheme"
        "}).observe({type: 'paint', buffered: true})"
    )
    page.goto(url)
    page.wait_for_function("window.drawn")
    assert page.evaluate("window.drawn") == "dark"


# -- reading -------------------------------------------------------------------------------------


def test_the_skip_link_leads_to_the_text(page: Page, url: str) -> None:
    page.goto(url)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_what_has_the_focus_is_seen(page: Page, url: str) -> None:
    page.goto(url + "docs/cranes/")
    for _ in range(8):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"


def test_code_is_copied_without_its_line_numbers(
    context: BrowserContext, page: Page, url: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(url + "docs/cranes/")
    button = page.get_by_role("button", name="Copy")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("def lift(boat: str")
    assert "    return height < 10  # not too high" in copied


def test_headings_can_be_linked_to(page: Page, url: str) -> None:
    page.goto(url + "docs/cranes/")
    page.get_by_role("link", name="Link to this part: Lowering").click()
    assert page.url.endswith("#lowering")


def test_the_table_of_contents_follows_the_reader(page: Page, url: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    page.emulate_media(reduced_motion="reduce")
    page.goto(url + "blog/day-1/")
    toc = page.get_by_role("navigation", name="On this page")
    entry = toc.get_by_role("link", name="What went out")
    expect(entry).to_be_visible()
    entry.click()
    expect(entry).to_have_attribute("aria-current", "true")
    page.mouse.wheel(0, -5000)
    first = toc.get_by_role("link", name="What came in")
    expect(first).to_have_attribute("aria-current", "true")


def test_on_a_phone_the_pages_of_a_book_open_over_the_text(page: Page, url: str) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # it is one
    page.goto(url + "docs/deep/abyss/")
    contents = page.get_by_role("navigation", name="Guide")
    expect(contents).to_be_hidden()
    page.get_by_role("button", name="Contents").click()
    expect(contents).to_be_visible()
    expect(contents.locator("[aria-current=page]")).to_have_text("The abyss")
    contents.get_by_role("link", name="Ropes").click()
    assert page.locator("h1").inner_text() == "Ropes"


def test_reading_on_and_back(page: Page, url: str) -> None:
    page.goto(url + "docs/cranes/")
    page.get_by_role("link", name="Next Ropes").click()
    assert page.locator("h1").inner_text() == "Ropes"
    page.get_by_role("link", name="Previous Cranes").click()
    assert page.locator("h1").inner_text() == "Cranes"


def test_an_arabic_page_runs_from_right_to_left(page: Page, url: str) -> None:
    page.goto(url + "ar/blog/day-1/")
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    brand, tools = page.locator(".brand").bounding_box(), page.locator(".tools").bounding_box()
    assert brand and tools and brand["x"] > tools["x"]
    code = page.evaluate("getComputedStyle(document.querySelector('pre')).direction")
    assert code == "ltr"


def test_languages_lead_to_each_other(page: Page, url: str) -> None:
    page.goto(url + "blog/day-1/")
    page.get_by_label("Languages: English").click()
    page.get_by_role("link", name="العربية").click()
    assert page.url.endswith("/ar/blog/day-1/")


# -- without scripts, on paper, at rest ----------------------------------------------------------


@pytest.fixture
def scriptless(browser: Browser) -> Iterator[Page]:
    opened = browser.new_context(java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    yield opened.new_page()
    opened.close()


def test_without_scripts_all_can_be_read(scriptless: Page, url: str) -> None:
    page = scriptless
    page.goto(url + "docs/cranes/")
    for name in ("Search", "Colours", "Copy"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.get_by_text("A crane lifts a boat")).to_be_visible()
    page.get_by_text("On this page").click()
    expect(page.get_by_role("link", name="By hand")).to_be_visible()
    page.get_by_role("button", name="Contents").click()
    page.get_by_role("navigation", name="Guide").get_by_role("link", name="Deep water").click()
    assert page.locator("h1").inner_text() == "Deep water"
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Blog").click()
    assert page.locator("h1").inner_text() == "Blog"


def test_on_paper_there_is_the_text_alone(page: Page, url: str) -> None:
    page.goto(url + "docs/cranes/")
    page.emulate_media(media="print", color_scheme="dark")
    for name in (".site", ".tools", ".contents", ".toc", ".turn", ".copy"):
        expect(page.locator(name).first).to_be_hidden()
    expect(page.get_by_text("A crane lifts a boat")).to_be_visible()
    assert ground(page) == "rgb(255, 255, 255)"


@pytest.mark.parametrize(("motion", "scrolling"), [("reduce", "auto"), ("no-preference", "smooth")])
def test_nothing_moves_for_those_who_ask_for_that(
    page: Page, url: str, motion: str, scrolling: str
) -> None:
    page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]  # one of its words
    page.goto(url)
    found = page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
    assert found == scrolling


def test_the_plain_theme_needs_no_script(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = build_theme_site(tmp_path_factory.mktemp("plain"), "plain")
    with serving_files(root) as plain:
        page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]  # it is one
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for path in TEMPLATES:
            page.goto(plain + path)
            assert page.locator("h1").count() == 1
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        assert not [found for found in asked if found.endswith(".js")]
        assert all(found.startswith((plain, "data:")) for found in asked)
        page.close()
