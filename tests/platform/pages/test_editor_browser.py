"""The editor in Chromium, with the API that it talks to."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route, expect

from tests.platform.pages.browsers import (
    browser,
    context,
    page,
    platform_site,
    served,
)
from tests.platform.pages.editor import (
    IN_TEXT,
    NUMBERS,
    ana,
    editor,
    held,
    is_saved,
    opened,
    paste,
    posts_of,
    stored_text,
    text_of,
    told,
    write,
)
from tests.platform.pages.served import ServedApi
from tests.platform.pictures.files import corners
from tests.platform.signed_in import SignedIn

__all__ = ["ana", "browser", "context", "editor", "page", "platform_site", "served"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(120)]

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
    ana = served.log_in(context, f"ana{next(NUMBERS)}")
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
    assert re.fullmatch(r"Before !\[The pier\]\(/media/[\w-]+\.webp\)", text_of(editor))
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
    assert re.fullmatch(r"!\[\]\(/media/[\w-]+\.webp\) after it!", text_of(editor))


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
