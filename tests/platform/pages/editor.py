"""The editor in a browser, and what tests do with it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.platform.pages.served import ServedApi
from tests.platform.signed_in import SignedIn

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

NUMBERS = iter(range(10_000))


@pytest.fixture
def ana(served: ServedApi, context: BrowserContext) -> SignedIn:
    """A new author, who is logged in."""
    return served.log_in(context, f"ana{next(NUMBERS)}")


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
