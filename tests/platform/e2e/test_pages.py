"""Every kind of page: axe finds nothing wrong with it, and it fits on a phone.

With the variable `SSG_SCREENSHOTS`, pictures of all pages are put into that folder, for people.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.test_accessibility import AXE, violations
from tests.platform.cluster import Stack

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("platform")]

PASSWORD = "four small boats in fog"  # noqa: S105 of a test
PUBLIC = {
    "home": "/",
    "about": "/about/",
    "login": "/login/",
    "signup": "/signup/",
    "profile": "/mira/",
    "list": "/mira/posts/",
    "post": "/mira/first-ice/",
    "code-and-table": "/jonas/sqlite-is-enough/",
    "tag": "/tags/winter/",
    "missing": "/mira/nothing/",
    "report": "/account/report?user=mira&slug=first-ice",
}
OWN = {
    "write": "/write/",
    "editor": "/account/write?post={post}",
    "posts": "/me/",
    "settings": "/settings/",
    "delete-post": "/account/posts/delete?post={post}",
    "delete-account": "/account/delete",
}
VIEWS = {"phone": (390, 844, "dark"), "desktop": (1280, 900, "light")}
ALL_VIEWS = VIEWS | {"phone-light": (390, 844, "light"), "desktop-dark": (1280, 900, "dark")}
WANTED = os.environ.get("SSG_SCREENSHOTS")


@pytest.fixture(scope="module")
def axe() -> str:
    """The checks, as a script."""
    if not AXE.exists():
        assert not os.environ.get("CI"), "axe-core is not installed"
        pytest.skip("axe-core is not installed: npm install --prefix tests/e2e/checks")
    return AXE.read_text("utf-8")


@pytest.fixture(scope="module")
def writer(sqlite_stack: Stack) -> Iterator[httpx2.Client]:
    """Somebody who is logged in, with an unfinished post."""
    with httpx2.Client(base_url=sqlite_stack.url) as client:
        account = {"user": "zoe", "name": "Zoë", "password": PASSWORD}
        send(client, "/api/accounts", account)
        draft = {"title": "A draft", "text": "It has a *beginning*.", "tags": ["sea"]}
        client.params = {"post": send(client, "/api/me/posts", draft).json()["id"]}
        yield client


def send(client: httpx2.Client, path: str, value: object) -> httpx2.Response:
    token = client.get("/api/session").json()["csrf"]
    headers = {"X-CSRF-Token": token, "Origin": str(client.base_url).rstrip("/")}
    answer = client.post(path, json=value, headers=headers)
    assert answer.is_success, answer.text
    return answer


@pytest.fixture(params=ALL_VIEWS if WANTED else VIEWS)
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    # The site allows no scripts but its own; axe is one more.
    width, height, scheme = ALL_VIEWS[request.param]
    opened = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type] # one of two texts
        bypass_csp=True,
        reduced_motion="reduce",
    )
    yield opened
    opened.close()


@pytest.mark.parametrize("name", PUBLIC)
def test_a_page_for_everybody(
    context: BrowserContext, sqlite_stack: Stack, axe: str, name: str
) -> None:
    page = context.new_page()
    page.goto(sqlite_stack.url + PUBLIC[name])
    check(page, axe, name)


@pytest.mark.parametrize("name", OWN)
def test_a_page_of_a_writer(
    context: BrowserContext, writer: httpx2.Client, sqlite_stack: Stack, axe: str, name: str
) -> None:
    cookies = ((cookie.name, cookie.value or "") for cookie in writer.cookies.jar)
    context.add_cookies([{"name": n, "value": v, "url": sqlite_stack.url} for n, v in cookies])
    page = context.new_page()
    page.goto(sqlite_stack.url + OWN[name].format(post=writer.params["post"]))
    check(page, axe, name)


def test_a_form_with_a_mistake(context: BrowserContext, sqlite_stack: Stack, axe: str) -> None:
    page = context.new_page()
    page.goto(f"{sqlite_stack.url}/signup/")
    page.get_by_label("Name", exact=True).fill("admin")
    page.get_by_label("Password").fill("four small boats in fog")
    page.get_by_role("button", name="Sign up").click()
    page.get_by_role("alert").wait_for()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    check(page, axe, "mistake")


def check(page: Page, axe: str, name: str) -> None:
    """Check the page that is open, when its part is there."""
    page.wait_for_load_state("networkidle")
    assert page.locator("h1").count() == 1
    if WANTED:
        size = page.viewport_size or {}
        scheme = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        file = f"{name}-{size.get('width')}-{'dark' if scheme else 'light'}.png"
        page.screenshot(path=Path(WANTED) / file, full_page=True)
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it is too wide"
