"""The dashboard in a real browser: with a mouse, with keys alone, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect, sync_playwright

from tests.e2e.served import Served, serving, write_site
from tests.e2e.test_browser import CHROMIUM_FLAGS, chromium

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SECONDS = 1000  # playwright counts in milliseconds
SOON = 10 * SECONDS


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    write_site(folder)
    with serving(folder) as running:
        yield running


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """The dashboard at rest. A complaint on the console, or a request elsewhere, is a failure."""
    opened = browser.new_page()
    complaints: list[str] = []
    asked: list[Request] = []
    opened.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda request: asked.append(request))  # noqa: PLW0108 a builtin has no signature
    opened.goto(served.dashboard)
    for name in ("Real time", "Purge all", "Let it render"):
        if opened.get_by_role("button", name=name).count():
            press(opened, name)
    opened.evaluate("window.mark = true")
    yield opened
    opened.close()
    assert complaints == []
    assert [r.url for r in asked if not r.url.startswith((served.url + "/", "data:"))] == []


def press(page: Page, name: str) -> None:
    """Press a button, and wait until it is said what came of it."""
    button = page.get_by_role("button", name=name, exact=True)
    if button.get_attribute("aria-disabled"):
        return
    page.evaluate("document.getElementById('result').textContent = ''")
    button.click()
    expect(page.locator("#result")).not_to_be_empty(timeout=SOON)


def row(page: Page, path: str) -> Locator:
    return page.locator("#rows tr", has=page.get_by_role("link", name=path, exact=True))


def is_same_document(page: Page) -> bool:
    return bool(page.evaluate("window.mark === true"))


def test_filter_and_search(page: Page) -> None:
    total = int(page.locator("#show-all .count").inner_text())
    expect(page.locator("#rows tr")).to_have_count(total)
    page.get_by_role("link", name="Critical").click()
    expect(row(page, "/about/")).to_be_visible()
    expect(row(page, "/posts/post-01/")).to_have_count(0)
    page.get_by_role("link", name="Deferred").click()
    page.get_by_label("Path").fill("post-1")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#rows tr")).to_have_count(10)
    assert "show=deferred" in page.url
    page.get_by_role("link", name="Page", exact=True).click()
    expect(page.locator("#rows tr").first).to_contain_text("/posts/post-19/")
    page.get_by_label("State").select_option("fresh")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#rows")).to_have_text("No page matches.")
    page.get_by_role("link", name="Clear").click()
    expect(row(page, "/posts/post-01/")).to_be_visible()


def test_render_now_and_purge_without_a_reload(page: Page) -> None:
    line = row(page, "/posts/post-03/")
    expect(line).to_contain_text("never rendered")
    line.get_by_role("button", name="Render").click()
    expect(page.locator("#result")).to_contain_text("Rendered /posts/post-03/ in")
    expect(line).to_contain_text("fresh until")
    line.get_by_role("button", name="Purge").click()
    expect(page.locator("#result")).to_have_text("Purged /posts/post-03/.")
    expect(line).to_contain_text("not cached")
    assert is_same_document(page)


def test_what_visitors_do_appears_without_a_reload(page: Page, served: Served) -> None:
    line = row(page, "/posts/post-04/")
    served.read("/posts/post-04/")
    served.read("/posts/post-04/")
    expect(line).to_contain_text("fresh until", timeout=SOON)
    expect(line.locator("[data-name=hits]")).to_have_text("1", timeout=SOON)
    expect(page.locator("#lanes rect").first).to_be_attached()
    expect(page.locator("#columns rect").first).to_be_attached()
    assert is_same_document(page)


def test_a_jump_of_the_clock_makes_a_page_stale_and_a_visit_refreshes_it(
    page: Page, served: Served
) -> None:
    served.read("/posts/post-05/")
    line = row(page, "/posts/post-05/")
    expect(line).to_contain_text("fresh until", timeout=SOON)
    press(page, "+1 hour")
    expect(page.locator("#controls")).to_contain_text("1 h ahead")
    expect(line).to_contain_text("stale since")
    served.read("/posts/post-05/")
    expect(line).to_contain_text("fresh until", timeout=SOON)
    expect(line.locator("[data-name=renders]")).to_have_text("2")
    press(page, "Real time")
    expect(page.locator("#controls")).to_contain_text("real time")
    assert is_same_document(page)


def test_a_render_that_fails_leaves_the_last_good_page(page: Page, served: Served) -> None:
    good = served.read("/posts/post-06/")
    press(page, "+1 hour")
    press(page, "Make the next render fail")
    expect(page.locator("#controls")).to_contain_text("the next render fails")
    assert served.read("/posts/post-06/") == good
    line = row(page, "/posts/post-06/")
    expect(line).to_contain_text("the last good page stays", timeout=SOON)
    expect(line).to_contain_text("stale since")
    assert served.read("/posts/post-06/") == good
    page.get_by_role("link", name="Errors").click()
    expect(page.locator("#rows tr")).to_have_count(1)
    page.evaluate("window.mark = true")
    row(page, "/posts/post-06/").get_by_role("button", name="Render").click()
    expect(page.locator("#rows")).to_have_text("No page of this build has failed.")
    press(page, "Make the next render fail")
    press(page, "+1 hour")
    served.read("/posts/post-06/")
    expect(page.locator("#rows tr")).to_have_count(1, timeout=SOON)
    expect(page.locator("#list thead")).to_be_visible()
    assert is_same_document(page)


def test_purge_all(page: Page, served: Served) -> None:
    served.read("/posts/post-07/")
    expect(row(page, "/posts/post-07/")).to_contain_text("fresh until", timeout=SOON)
    press(page, "Purge all")
    expect(row(page, "/posts/post-07/")).to_contain_text("not cached")


def test_everything_can_be_done_with_keys(page: Page) -> None:
    page.reload()  # focus is nowhere
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the pages")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#pages")).to_be_focused()
    tab_to(page, "q")
    page.keyboard.type("/posts/post-08")
    page.keyboard.press("Enter")
    expect(page.locator("#rows tr")).to_have_count(1)
    number = page.locator("#rows tr").get_attribute("id").removeprefix("row-")  # type: ignore[union-attr]
    tab_to(page, f"render-{number}")
    page.keyboard.press("Enter")
    expect(page.locator("#result")).to_contain_text("Rendered /posts/post-08/")
    expect(page.locator(f"#render-{number}")).to_be_focused()
    tab_to(page, f"purge-{number}")
    page.keyboard.press("Space")
    expect(page.locator("#result")).to_have_text("Purged /posts/post-08/.")
    expect(row(page, "/posts/post-08/").locator(":focus")).to_have_count(1)
    tab_to(page, "jump-hour", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#controls")).to_contain_text("1 h ahead")
    expect(page.locator("#jump-hour")).to_be_focused()


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Go to an element as the keyboard does; wherever it stops, that can be seen."""
    for _ in range(80):
        page.keyboard.press(key)
        focused = page.evaluate("document.activeElement.id")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        if focused == name:
            return
    pytest.fail(f"{name} is not reached")


def test_focus_and_an_open_table_survive_an_update(page: Page, served: Served) -> None:
    page.get_by_text("Requests as a table").click()
    page.locator("[id^=open-]").nth(5).focus()
    focused = page.evaluate("document.activeElement.id")
    served.read("/posts/post-09/")
    expect(row(page, "/posts/post-09/")).to_contain_text("fresh until", timeout=SOON)
    assert page.evaluate("document.activeElement.id") == focused
    expect(page.locator("#timeline-table")).to_be_visible()


def test_what_is_being_typed_survives_an_update(page: Page, served: Served) -> None:
    page.get_by_label("Path").fill("half a wo")
    served.read("/posts/post-10/")
    expect(row(page, "/posts/post-10/")).to_contain_text("fresh until", timeout=SOON)
    expect(page.get_by_label("Path")).to_have_value("half a wo")


@pytest.mark.parametrize("width", [320, 400, 768, 1081, 1280])
def test_nothing_is_cut_off(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = row(page, "/posts/post-01/").get_by_role("button", name="Render").bounding_box()
    assert box
    assert box["x"] + box["width"] <= width


def test_it_works_without_scripts(browser: Browser, served: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served.dashboard + "?show=deferred")
    page.get_by_label("Path").fill("/posts/post-11")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#rows tr")).to_have_count(1)
    page.get_by_role("button", name="Render /posts/post-11/ now").click()
    expect(page.locator("#result")).to_contain_text("Rendered /posts/post-11/")
    expect(page.locator("#rows tr")).to_have_count(1)
    expect(page.locator("#rows")).to_contain_text("fresh until")
    page.get_by_role("button", name="+1 day").click()
    expect(page.locator("#rows")).to_contain_text("stale since")
    page.get_by_role("button", name="Real time").click()
    expect(page.locator("#controls")).to_contain_text("real time")
    expect(page.get_by_role("link", name="Reload for new figures")).to_be_visible()
    context.close()


def test_a_form_of_an_earlier_preview_is_told_so(browser: Browser, served: Served) -> None:
    page = browser.new_page()
    page.goto(served.dashboard)
    page.evaluate("document.querySelector('#act [name=token]').value = 'old'")
    page.get_by_role("button", name="Purge all").click()
    expect(page.locator("#result")).to_contain_text("Reload the dashboard")
    page.close()


def test_another_site_can_neither_press_nor_frame(browser: Browser, served: Served) -> None:
    page = browser.new_page()
    evil = f'<form method=post action="{served.dashboard}do"><input name=jump value=day></form>'
    page.route("http://evil.example/", lambda route: route.fulfill(
        body=f"{evil}<iframe src='{served.dashboard}'></iframe>", content_type="text/html"
    ))  # fmt: skip
    page.goto("http://evil.example/")
    framed = page.frames[1]
    assert framed.locator("#act").count() == 0
    with page.expect_navigation(url="**/__ssg/do") as answer:
        page.evaluate("document.forms[0].submit()")
    assert answer.value
    assert answer.value.status == 403
    page.goto(served.dashboard)
    expect(page.locator("#controls")).to_contain_text("real time")
    page.close()


def test_a_page_follows_a_preview_that_was_started_again(browser: Browser, tmp_path: Path) -> None:
    write_site(tmp_path)
    page = browser.new_page()
    with serving(tmp_path) as first:
        port = first.port
        page.goto(first.dashboard)
        before = page.locator("html").get_attribute("data-run")
        expect(page.locator("#pulse")).to_have_text("live", timeout=SOON)
    expect(page.locator("#pulse")).to_have_text("the preview does not answer", timeout=SOON)
    with serving(tmp_path, port):
        expect(page.locator("#pulse")).to_have_text("live", timeout=2 * SOON)
        expect(page.locator("html")).not_to_have_attribute("data-run", before or "", timeout=SOON)
        press(page, "Purge all")
        expect(page.locator("#result")).to_contain_text("Purged")
    page.close()


def test_a_broken_template_is_shown_among_the_problems(page: Page, served: Served) -> None:
    template = served.folder / "templates/page.html"
    template.parent.mkdir(exist_ok=True)
    template.write_text("{% if %}")
    expect(page.locator("#problems")).to_contain_text("templates/page.html:1", timeout=2 * SOON)
    template.unlink()
    expect(page.locator("#problems")).to_be_hidden(timeout=2 * SOON)


def test_the_pages_appear_with_the_first_good_build(browser: Browser, tmp_path: Path) -> None:
    write_site(tmp_path)
    template = tmp_path / "templates/page.html"
    template.parent.mkdir()
    template.write_text("{% if %}")
    page = browser.new_page()
    with serving(tmp_path) as served:
        page.goto(served.dashboard)
        expect(page.locator("#problems")).to_contain_text("templates/page.html:1")
        expect(page.locator("#no-pages")).to_be_visible()
        template.unlink()
        expect(row(page, "/posts/post-01/")).to_be_visible(timeout=2 * SOON)
    page.close()
