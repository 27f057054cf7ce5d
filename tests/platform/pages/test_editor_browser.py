"""The editor in Chromium, with the API that it talks to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, Route, expect

from tests.platform.pages.browsers import (
    browser,
    context,
    page,
    platform_site,
    served,
)
from tests.platform.pages.served import ServedApi
from tests.platform.pictures.files import corners
from tests.platform.posts.stored import store_post
from tests.platform.signed_in import SignedIn

__all__ = ["browser", "context", "page", "platform_site", "served"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(120)]

WRITE = "/account/write"
API = re.compile("/api/me/posts")
IN_TEXT = re.compile("/media/")
PASTE = """([bytes, name, type, kind]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, {type}));
  const area = document.querySelector("#field-text");
  area.focus();
  const event = kind === "paste"
    ? new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})
    : new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true});
  area.dispatchEvent(event);
}"""

_numbers = iter(range(10_000))


@pytest.fixture
def ana(served: ServedApi, context: BrowserContext) -> SignedIn:
    """A new author, who is logged in."""
    return served.log_in(context, f"ana{next(_numbers)}")


@pytest.fixture
def editor(page: Page, ana: SignedIn) -> Page:
    """The page of a new post."""
    return opened(page)


def opened(page: Page, post: str = "") -> Page:
    page.goto(f"{WRITE}?post={post}" if post else WRITE)
    page.get_by_role("toolbar").wait_for()
    return page


def write(page: Page, text: str, title: str = "") -> None:
    if title:
        page.fill("#field-title", title)
    page.locator("#field-text").press_sequentially(text)


def told(page: Page) -> Locator:
    """What is read aloud."""
    return page.locator(".editor-state [role=status]")


def text_of(page: Page) -> str:
    return page.input_value("#field-text")


def is_saved(page: Page) -> None:
    expect(page.locator(".editor-state .state")).to_contain_text("saved at")


def paste(page: Page, data: bytes, name: str, kind: str = "image/png", how: str = "paste") -> None:
    page.evaluate(PASTE, [list(data), name, kind, how])


def posts_of(author: SignedIn) -> Any:
    return author.get("/api/me/posts").json()["items"]


def stored_text(author: SignedIn, post: str) -> str:
    return str(author.get(f"/api/me/posts/{post}").json()["text"])


def fail(page: Page, times: int, status: int = 0) -> list[str]:
    """Let writes fail some times: without an answer, or with a status."""
    asked = list[str]()

    def handle(route: Route) -> None:
        if route.request.method == "GET" or len(asked) >= times:
            route.fallback()
            return
        asked.append(route.request.method)
        if status:
            route.fulfill(status=status, json={"error": "Later."})
        else:
            route.abort()

    page.route(API, handle)
    return asked


def held(page: Page, pattern: str) -> list[Route]:
    """Requests that wait until a test lets them go on."""
    waiting = list[Route]()

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(pattern, hold)
    return waiting


# -- saving --------------------------------------------------------------------------------------


def test_what_is_written_is_saved_without_a_button(editor: Page, ana: SignedIn) -> None:
    write(editor, "Low tide.", "Tides")
    is_saved(editor)
    editor.wait_for_url(re.compile(r"/account/write\?post=\w+"))
    [post] = posts_of(ana)
    assert (post["title"], post["status"]) == ("Tides", "draft")
    write(editor, " High tide.")
    expect(editor.locator(".editor-state .state")).to_have_text("not saved yet")
    is_saved(editor)
    assert stored_text(ana, post["id"]) == "Low tide. High tide."
    editor.reload()
    assert text_of(editor) == "Low tide. High tide."
    assert len(posts_of(ana)) == 1
    assert (
        editor.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:'))") == []
    )


def test_nothing_is_saved_before_there_is_something(editor: Page, ana: SignedIn) -> None:
    editor.fill("#field-tags", "sea")
    editor.wait_for_timeout(2500)
    assert posts_of(ana) == []


def test_keys_alone_write_and_publish(editor: Page, ana: SignedIn, served: ServedApi) -> None:
    editor.on("dialog", lambda dialog: dialog.accept())
    keys = editor.keyboard
    editor.locator("#field-title").focus()
    keys.type("Keys")
    keys.press("Tab")
    expect(editor.get_by_role("button", name="Bold")).to_be_focused()
    keys.press("ArrowLeft")
    expect(editor.get_by_role("button", name="Preview").first).to_be_focused()
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    expect(editor.get_by_role("button", name="Italic")).to_be_focused()
    keys.press("Tab")
    expect(editor.locator("#field-text")).to_be_focused()
    keys.type("a ")
    keys.press("Control+b")
    keys.type("bold")
    keys.press("Control+b")
    keys.type(" word")
    assert text_of(editor) == "a **bold** word"
    for _ in range(4):
        keys.press("Shift+ArrowLeft")
    keys.press("Control+i")
    assert text_of(editor) == "a **bold** *word*"
    keys.press("Control+i")
    assert text_of(editor) == "a **bold** word"
    keys.press("Control+z")
    assert text_of(editor) == "a **bold** *word*"
    keys.press("End")
    keys.type(" ")
    keys.press("Control+k")
    keys.type("https://example.org/")
    assert text_of(editor) == "a **bold** *word* [](https://example.org/)"
    keys.press("End")
    keys.press("Control+s")
    expect(told(editor)).to_contain_text("The draft is saved.")
    keys.press("Tab")
    expect(editor.get_by_role("button", name="Save draft")).to_be_focused()
    keys.press("Control+Enter")
    editor.wait_for_url("**/account/posts?done=publish*")
    expect(editor.locator(".message[role=status]")).to_contain_text("The post is published.")
    shown = served.api.visitor().get(f"/api/posts/{ana.account.name}/keys").json()
    assert shown["markdown"] == "a **bold** *word* [](https://example.org/)"


def test_publishing_by_a_key_asks_first(editor: Page, ana: SignedIn) -> None:
    asked = list[str]()

    def dismiss(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    editor.on("dialog", dismiss)
    write(editor, "Not yet.", "Not yet")
    editor.keyboard.press("Control+Enter")
    is_saved(editor)
    assert asked == ["Publish this post now?"]
    assert posts_of(ana)[0]["status"] == "draft"


@pytest.mark.parametrize(
    ("button", "text", "result"),
    [
        ("Italic", "word", "*word*"),
        ("Code", "word", "`word`"),
        ("Link", "word", "[word](https://)"),
        ("Link", "https://a.example/", "[](https://a.example/)"),
        ("Heading", "one", "## one"),
        ("List", "one\ntwo", "- one\n- two"),
        ("Quote", "one\ntwo", "> one\n> two"),
    ],
)
def test_buttons_change_what_is_selected(editor: Page, button: str, text: str, result: str) -> None:
    editor.fill("#field-text", text)
    editor.locator("#field-text").press("Control+a")
    editor.get_by_role("button", name=button).click()
    assert text_of(editor) == result
    editor.keyboard.press("Control+z")
    assert text_of(editor) == text


def test_mistakes_are_shown_at_their_fields(editor: Page) -> None:
    write(editor, "Text.", "Tides")
    editor.fill("#field-slug", "No Such Address")
    expect(told(editor)).to_contain_text("An address has small letters")
    editor.get_by_role("button", name="Publish").click()
    expect(editor.locator("#error-slug")).to_contain_text("An address has small letters")
    assert text_of(editor) == "Text."
    expect(editor.get_by_role("alert")).to_be_focused()


def test_a_time_is_that_of_the_visitor(browser: Browser, served: ServedApi) -> None:
    context = browser.new_context(base_url=served.url, timezone_id="Asia/Tokyo")
    ana = served.log_in(context, f"ana{next(_numbers)}")
    page = opened(context.new_page())
    expect(page.locator("#hint-at")).to_have_text("In your time zone, Asia/Tokyo.")
    write(page, "Later.", "Later")
    page.fill("#field-at", "2028-05-01T09:30")
    page.get_by_role("button", name="Schedule").click()
    page.wait_for_url("**/account/posts?done=schedule*")
    [post] = posts_of(ana)
    assert post["publish_at"] == "2028-05-01T00:30:00Z"
    opened(page, post["id"])
    assert page.input_value("#field-at") == "2028-05-01T09:30"
    context.close()


# -- preview -------------------------------------------------------------------------------------


def test_the_preview_follows_the_text(editor: Page) -> None:
    editor.get_by_role("button", name="Preview").click()
    pane = editor.get_by_role("region", name="Preview")
    write(editor, "Some **bold** words")
    expect(pane.locator("strong")).to_have_text("bold")
    write(editor, " and <img src=x onerror=alert(1)>")
    expect(pane).to_contain_text("onerror=alert(1)")
    assert pane.locator("img").count() == 0
    editor.get_by_role("button", name="Preview").click()
    expect(pane).to_be_hidden()


def test_an_older_preview_never_replaces_a_newer_one(editor: Page) -> None:
    waiting = list[Route]()

    def handle(route: Route) -> None:
        if json.loads(route.request.post_data or "{}")["text"] == "first":
            waiting.append(route)
        else:
            route.fallback()

    aborted = list[str]()
    editor.on("requestfailed", lambda request: aborted.append(request.url))
    editor.route("**/api/preview", handle)
    editor.get_by_role("button", name="Preview").click()
    pane = editor.get_by_role("region", name="Preview")
    with editor.expect_request("**/api/preview"):
        editor.fill("#field-text", "first")
    editor.fill("#field-text", "second")
    expect(pane).to_have_text("second")
    assert len(waiting) == 1
    assert [url for url in aborted if url.endswith("/api/preview")]


# -- pictures ------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["paste", "drop"])
def test_a_picture_that_is_pasted_or_dropped_comes_into_the_text(editor: Page, how: str) -> None:
    waiting = held(editor, "**/api/me/pictures")
    write(editor, "Before ")
    paste(editor, corners("PNG"), "pier [1].png", how=how)
    assert text_of(editor) == "Before ![pier 1.png is uploaded, 1 …]()"
    editor.wait_for_timeout(100)
    waiting[0].fallback()
    expect(editor.locator("#field-text")).to_have_value(IN_TEXT)
    expect(told(editor)).to_contain_text("Write between the brackets")
    editor.keyboard.type("The pier")
    assert re.fullmatch(r"Before !\[The pier\]\(/media/\w+\.webp\)", text_of(editor))
    is_saved(editor)
    editor.get_by_role("button", name="Preview").click()
    shown = editor.locator(".preview img")
    expect(shown).to_have_attribute("alt", "The pier")
    expect(shown).to_have_js_property("naturalWidth", 80)


def test_writing_goes_on_while_a_picture_is_uploaded(editor: Page) -> None:
    waiting = held(editor, "**/api/me/pictures")
    paste(editor, corners("PNG"), "a.png")
    editor.keyboard.type(" after it")
    editor.wait_for_timeout(100)
    waiting[0].fallback()
    expect(editor.locator("#field-text")).to_have_value(IN_TEXT)
    editor.keyboard.type("!")
    assert re.fullmatch(r"!\[\]\(/media/\w+\.webp\) after it!", text_of(editor))


def test_a_picture_that_is_refused_leaves_nothing(editor: Page) -> None:
    write(editor, "Text")
    paste(editor, b"no picture", "fake.png")
    expect(told(editor)).to_contain_text("fake.png: This file cannot be read")
    assert text_of(editor) == "Text"
    paste(editor, b"<svg/>", "drawing.svg", "image/svg+xml")
    expect(told(editor)).to_contain_text("drawing.svg is not a JPEG")
    editor.route("**/api/me/pictures", lambda route: route.abort())
    paste(editor, corners("PNG"), "a.png")
    expect(told(editor)).to_contain_text("cannot be uploaded at the moment")
    assert text_of(editor) == "Text"


def test_a_picture_can_be_chosen(editor: Page) -> None:
    file: Any = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": corners("JPEG")}
    editor.set_input_files("#field-picture", file)
    editor.fill("#field-alt", "The pier")
    editor.get_by_role("button", name="Add at the end").click()
    expect(editor.locator("#field-text")).to_have_value(IN_TEXT)
    assert text_of(editor).startswith("![The pier](/media/")


# -- what can go wrong -----------------------------------------------------------------------------


def test_a_text_survives_a_crash(
    editor: Page, ana: SignedIn, context: BrowserContext, served: ServedApi
) -> None:
    asked = fail(editor, 100)
    write(editor, "Hours of work.", "Tides")
    expect(told(editor)).to_contain_text("This browser keeps a copy")
    assert asked
    editor.close(run_before_unload=False)
    again = opened(context.new_page())
    notice = again.get_by_role("alert")
    expect(notice).to_contain_text("has kept a text")
    assert text_of(again) == ""
    again.get_by_role("button", name="Restore it").click()
    assert text_of(again) == "Hours of work."
    is_saved(again)
    assert [post["title"] for post in posts_of(ana)] == ["Tides"]
    assert opened(again).get_by_role("alert").count() == 0


def test_a_kept_text_is_discarded_only_when_somebody_says_so(
    editor: Page, ana: SignedIn, context: BrowserContext
) -> None:
    fail(editor, 100)
    write(editor, "Old words.")
    expect(told(editor)).to_contain_text("This browser keeps a copy")
    editor.close(run_before_unload=False)
    again = opened(context.new_page())
    write(again, "New words.")
    is_saved(again)
    again = opened(again)
    again.get_by_role("button", name="Discard it").click()
    assert opened(again).get_by_role("alert").count() == 0
    assert [stored_text(ana, post["id"]) for post in posts_of(ana)] == ["New words."]


def test_another_account_is_not_offered_the_text(
    editor: Page, ana: SignedIn, context: BrowserContext, served: ServedApi
) -> None:
    fail(editor, 100)
    write(editor, "Mine alone.")
    expect(told(editor)).to_contain_text("This browser keeps a copy")
    editor.close(run_before_unload=False)
    served.log_in(context, f"ben{next(_numbers)}")
    again = opened(context.new_page())
    assert again.get_by_role("alert").count() == 0
    assert "Mine alone." not in again.content()


def test_a_text_is_never_saved_in_another_account(
    editor: Page, ana: SignedIn, context: BrowserContext, served: ServedApi
) -> None:
    ben = served.log_in(context, f"ben{next(_numbers)}")
    write(editor, "Mine alone.")
    expect(told(editor)).to_contain_text("You are not logged in as before.")
    assert posts_of(ben) == []


def test_saving_goes_on_after_another_log_in(
    editor: Page, ana: SignedIn, context: BrowserContext, served: ServedApi
) -> None:
    write(editor, "Words.", "Tides")
    is_saved(editor)
    context.clear_cookies()
    write(editor, " More.")
    expect(editor.get_by_role("link", name="Log in in a new window")).to_be_visible()
    served.log_in(context, ana.account.name)
    editor.evaluate("dispatchEvent(new Event('focus'))")
    is_saved(editor)
    expect(told(editor)).to_have_text("Saved again.")
    assert stored_text(ana, posts_of(ana)[0]["id"]) == "Words. More."


@pytest.mark.parametrize("status", [0, 503])
def test_a_server_that_fails_is_asked_again(editor: Page, ana: SignedIn, status: int) -> None:
    asked = fail(editor, 2, status)
    write(editor, "Words.", "Tides")
    expect(told(editor)).to_contain_text("keeps a copy, and tries again")
    expect(told(editor)).to_have_text("Saved again.", timeout=15_000)
    assert len(asked) == 2
    assert len(posts_of(ana)) == 1


def test_publishing_without_a_connection_stays_on_the_page(editor: Page, ana: SignedIn) -> None:
    fail(editor, 1)
    write(editor, "Words.", "Tides")
    editor.get_by_role("button", name="Publish").click()
    expect(told(editor)).to_contain_text("cannot be saved at the moment")
    assert text_of(editor) == "Words."
    expect(told(editor)).to_have_text("Saved again.", timeout=15_000)
    editor.get_by_role("button", name="Publish").click()
    editor.wait_for_url("**/account/posts?done=publish*")
    assert posts_of(ana)[0]["status"] == "published"


def test_a_slow_server_gets_one_request_at_a_time(editor: Page, ana: SignedIn) -> None:
    busy, most = 0, 0

    def slow(route: Route) -> None:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        editor.wait_for_timeout(300)
        response = route.fetch()
        busy -= 1
        route.fulfill(response=response)

    editor.route(API, slow)
    write(editor, "One.", "Tides")
    editor.keyboard.press("Control+s")
    write(editor, " Two.")
    editor.keyboard.press("Control+s")
    write(editor, " Three.")
    editor.get_by_role("button", name="Publish").click()
    editor.wait_for_url("**/account/posts?done=publish*")
    assert most == 1
    [post] = posts_of(ana)
    assert stored_text(ana, post["id"]) == "One. Two. Three."


def test_leaving_with_an_unsaved_text_is_asked(editor: Page) -> None:
    kinds = list[str]()

    def dismiss(dialog: Dialog) -> None:
        kinds.append(dialog.type)
        dialog.accept()

    editor.on("dialog", dismiss)
    fail(editor, 100)
    write(editor, "Words.")
    editor.goto("/about/")
    assert kinds == ["beforeunload"]


def test_leaving_with_a_saved_text_is_not_asked(editor: Page) -> None:
    kinds = list[str]()
    editor.on("dialog", lambda dialog: kinds.append(dialog.type))
    write(editor, "Words.")
    is_saved(editor)
    editor.goto("/about/")
    assert kinds == []


@pytest.fixture
def both(
    context: BrowserContext, ana: SignedIn, served: ServedApi
) -> Iterator[tuple[Page, Page, str]]:
    """Two windows with the same post, which has been changed in the first one."""
    with served.api.platform.database.writing() as connection:
        post = store_post(connection, ana.account.id, "tides", id=f"post{next(_numbers)}")
    first, second = opened(context.new_page(), post), opened(context.new_page(), post)
    first.fill("#field-text", "Of the first window.")
    is_saved(first)
    second.fill("#field-text", "Of the second window.")
    second.get_by_role("alert").wait_for()
    yield first, second, post


def test_a_conflict_shows_both_texts(both: tuple[Page, Page, str], ana: SignedIn) -> None:
    _, second, post = both
    assert text_of(second) == "Of the second window."
    other = second.get_by_label("The text that was saved in the other window")
    expect(other).to_have_value("Of the first window.")
    expect(second.get_by_role("button", name="Keep what is here")).to_be_focused()
    write(second, " More.")
    second.wait_for_timeout(2500)
    assert stored_text(ana, post) == "Of the first window.", "nothing is decided yet"
    second.get_by_role("button", name="Keep what is here").click()
    is_saved(second)
    assert stored_text(ana, post) == "Of the second window. More."


def test_a_conflict_ends_with_the_other_text(both: tuple[Page, Page, str], ana: SignedIn) -> None:
    _, second, post = both
    second.get_by_role("button", name="Take what was saved there").click()
    assert text_of(second) == "Of the first window."
    write(second, " More.")
    is_saved(second)
    assert stored_text(ana, post) == "Of the first window. More."
