"""The scripts of the site in Chromium, under its Content-Security-Policy, and what axe says."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from tests.e2e.test_accessibility import AXE, violations
from tests.e2e.test_browser import CHROMIUM_FLAGS, chromium
from tests.e2e.test_html import validate
from tests.platform.site.conftest import PlatformSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(120)]

SECRET = "j" * 40
PART = """<h1>Log in</h1>
<form method="post" action="/account/login">
  <div class="field"><label for="user">Name</label><input id="user" name="user" autofocus></div>
  <p class="buttons"><button class="primary">Log in</button></p>
</form>"""
ANA = {"user": {"user": "ana", "name": "Ana Lima", "roles": ["author"]}, "csrf": "token"}
NOBODY = {"user": None, "csrf": "token"}
LIVE_PAGES = ("/", "/ana/", "/ana/posts/page/2/", "/tags/sea/", "/ana/the-pier/", "/eve/hostile/",
              "/nothing/")  # fmt: skip
PAGES = (*LIVE_PAGES, "/about/", "/login/")
LOAD_SECONDS = 20


@pytest.fixture(scope="module")
def site_url(platform_site: PlatformSite) -> Iterator[str]:
    """The site behind `ssg start`. Ended by its own id."""
    folder = platform_site.built.root
    environment = {
        **os.environ, "API_URL": platform_site.api.url, "SSG_JWT_SECRET": SECRET, "NO_COLOR": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", "ssg"]
    subprocess.run([*command, "build", "--quiet"], cwd=folder, env=environment, check=True)
    process = subprocess.Popen(
        [*command, "start", "--port", "0"], cwd=folder, env=environment,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stderr
        lines = iter(process.stderr.readline, "")
        found = next(found for line in lines if (found := re.search(r"http://[\d.:]+", line)))
        yield found.group()
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(LOAD_SECONDS)
        process.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser, site_url: str) -> Iterator[BrowserContext]:
    opened = browser.new_context(base_url=site_url, reduced_motion="reduce")
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; what the console complains of, or a dialog, fails the test."""
    opened, told = context.new_page(), list[str]()
    opened.on("console", lambda one: told.append(one.text) if one.type == "error" else None)
    opened.on("pageerror", lambda one: told.append(str(one)))
    opened.on("dialog", lambda one: told.append(one.message))
    yield opened
    assert [one for one in told if "Failed to load resource" not in one] == []


def log_in(context: BrowserContext, site_url: str) -> None:
    claims = {
        "sub": "a", "exp": int(time.time()) + 600,
        "app_metadata": {"authorization": {"roles": ["author"]}},
    }  # fmt: skip
    token = jwt.encode(claims, SECRET, "HS256")
    context.add_cookies([{"name": "nf_jwt", "value": token, "url": site_url}])


def answer(page: Page, path: str, **values: object) -> list[str]:
    """Answer what is asked below a path, and note it."""
    asked = list[str]()

    def fulfil(route: Route) -> None:
        asked.append(route.request.url.partition("//")[2].partition("/")[2])
        route.fulfill(**values)  # type: ignore[arg-type]

    page.route(re.compile(re.escape(path)), fulfil)
    return asked


# -- personal pages ----------------------------------------------------------------------------


def test_a_part_comes_into_the_page_with_its_query_and_its_focus(page: Page) -> None:
    session = answer(page, "/api/session", json=NOBODY)
    headers = dict[str, str]()

    def part(route: Route) -> None:
        assert session == []  # two answers at once would set two cookies, and a token is for one
        headers.update(route.request.headers)
        headers["url"] = route.request.url
        route.fulfill(content_type="text/html", body=PART)

    page.route(re.compile("/account/login"), part)
    page.goto("/login/?next=/write/%3Fpost%3Dx")
    expect(page.locator("#user")).to_be_focused()
    assert headers["x-part"] == "1"
    assert headers["url"].endswith("/account/login?next=/write/%3Fpost%3Dx")
    assert page.locator("h1").count() == 1
    assert page.locator("#personal").get_attribute("aria-busy") is None
    page.wait_for_load_state("networkidle")
    assert session == ["api/session"]


def test_a_session_that_has_ended_leads_to_log_in_and_back(
    page: Page, context: BrowserContext, site_url: str
) -> None:
    log_in(context, site_url)
    answer(page, "/api/session", json=NOBODY)
    answer(page, "/account/write", status=401, content_type="text/html", body="<h1>Log in</h1>")
    answer(page, "/account/login", content_type="text/html", body=PART)
    page.goto("/write/?post=first")
    page.wait_for_url("**/login/?next=%2Fwrite%2F%3Fpost%3Dfirst")


@pytest.mark.parametrize("path", ["/me/", "/write/", "/settings/"])
def test_who_is_not_logged_in_gets_no_personal_page(page: Page, site_url: str, path: str) -> None:
    found = page.request.get(f"{site_url}{path}", max_redirects=0)
    assert (found.status, found.headers["location"]) == (302, f"/account/login?next={path}")


@pytest.mark.parametrize(
    ("status", "body"), [(502, "Bad gateway"), (404, "<!doctype html><h1>Not found</h1>")]
)
def test_an_api_that_is_away_is_said_and_asked_again(
    page: Page, context: BrowserContext, site_url: str, status: int, body: str
) -> None:
    log_in(context, site_url)
    answer(page, "/api/session", status=502)
    down = answer(page, "/account/posts", status=status, body=body, content_type="text/html")
    page.goto("/me/")
    told = page.get_by_role("status")
    expect(told).to_contain_text("cannot be loaded right now")
    page.unroute_all()
    answer(page, "/api/session", json=NOBODY)
    answer(page, "/account/posts", content_type="text/html", body="<h1>My posts</h1><p>Two.</p>")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#personal")).to_contain_text("Two.")
    expect(told).to_be_empty()
    assert len(down) == 1


def test_without_scripts_a_personal_page_leads_to_that_of_the_api(
    browser: Browser, site_url: str
) -> None:
    context = browser.new_context(base_url=site_url, java_script_enabled=False)
    opened = context.new_page()
    answer(opened, "/account/login", content_type="text/html", body=PART)
    opened.goto("/login/")
    opened.wait_for_url("**/account/login")
    expect(opened.locator("h1")).to_have_text("Log in")
    context.close()


def test_the_editor_is_loaded_where_there_is_one(
    page: Page, context: BrowserContext, site_url: str
) -> None:
    log_in(context, site_url)
    answer(page, "/api/session", json=ANA)
    body = '<h1>Write</h1><form data-editor><textarea aria-label="Text"></textarea></form>'
    answer(page, "/account/write", content_type="text/html", body=body)
    script = "document.querySelector('[data-editor]').dataset.ready = ''"
    answer(page, "/editor.js", content_type="text/javascript", body=script)
    page.goto("/write/")
    expect(page.locator("[data-editor][data-ready]")).to_be_visible()


def test_a_form_whose_editor_cannot_be_loaded_is_there(
    page: Page, context: BrowserContext, site_url: str
) -> None:
    log_in(context, site_url)
    answer(page, "/api/session", json=ANA)
    body = '<h1>Write</h1><form data-editor><textarea aria-label="Text"></textarea></form>'
    answer(page, "/account/write", content_type="text/html", body=body)
    answer(page, "/editor.js", status=404)
    page.goto("/write/")
    expect(page.get_by_label("Text")).to_be_visible()
    expect(page.locator("#session")).to_contain_text("Ana Lima")
    expect(page.locator("#away")).to_be_empty()


# -- who is logged in --------------------------------------------------------------------------


def test_a_reader_who_has_never_logged_in_asks_nothing(page: Page) -> None:
    session = answer(page, "/api/session", json=NOBODY)
    page.goto("/ana/the-pier/")
    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert session == []


def test_the_header_shows_who_is_logged_in_and_only_the_author_edits(page: Page) -> None:
    answer(page, "/api/session", json=ANA)
    page.goto("/about/")
    page.evaluate("localStorage.setItem('logged-in', '1')")
    page.goto("/ana/the-pier/")
    expect(page.locator("#session")).to_contain_text("Ana Lima")
    expect(page.get_by_role("link", name="Edit")).to_have_attribute("href", re.compile("the-pier"))
    page.goto("/ana/")
    expect(page.get_by_role("link", name="Edit")).to_have_attribute("href", "/settings/")
    page.goto("/eve/hostile/")
    expect(page.locator("#session")).to_contain_text("Ana Lima")
    assert page.get_by_role("link", name="Edit").count() == 0


def test_log_out_is_a_form_with_its_token(page: Page) -> None:
    answer(page, "/api/session", json=ANA)
    page.goto("/about/")
    page.evaluate("localStorage.setItem('logged-in', '1')")
    page.reload()
    sent = list[str]()

    def log_out(route: Route) -> None:
        sent.append(f"{route.request.method} {route.request.post_data}")
        route.fulfill(status=303, headers={"Location": "/"})

    page.route("**/account/logout", log_out)
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    assert sent == ["POST csrf=token"]


def test_a_text_that_is_written_from_right_to_left_begins_at_the_right(page: Page) -> None:
    page.goto("/ben/low-tide/")
    at_right = """selector => {
        const range = document.createRange(), element = document.querySelector(selector);
        range.selectNodeContents(element);
        return element.getBoundingClientRect().right - range.getBoundingClientRect().right;
    }"""
    assert abs(page.evaluate(at_right, "h1")) < 2
    assert abs(page.evaluate(at_right, ".prose p")) < 2
    page.goto("/ana/the-pier/")
    assert page.evaluate(at_right, "h1") > 50


# -- every page --------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    browser: Browser, site_url: str, scheme: str, width: int
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm install --prefix tests/e2e/checks")
    axe = AXE.read_text("utf-8")
    context = browser.new_context(
        base_url=site_url, color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": 900}, bypass_csp=True, reduced_motion="reduce",
    )  # fmt: skip
    opened = context.new_page()
    answer(opened, "/api/session", json=NOBODY)
    answer(opened, "/account/login", content_type="text/html", body=PART)
    for path in PAGES:
        opened.goto(path)
        assert opened.locator("h1").count() == 1
        assert (path, violations(opened, axe)) == (path, [])
        wide = opened.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert (path, wide) == (path, 0)
    context.close()


@pytest.mark.node
def test_every_page_is_valid_html(platform_site: PlatformSite, tmp_path: Path) -> None:
    pages = {path: platform_site.get(path).body.decode() for path in LIVE_PAGES}
    for name in ("about", "login", "write"):
        pages[name] = platform_site.built.read(f"{name}/index.html")
    shell = platform_site.built.read("shell/index.html")
    pages["shell"] = shell.replace("<!--title-->", "Log in").replace("<!--part-->", PART)
    (tmp_path / "public").mkdir()
    for path, text in pages.items():
        (tmp_path / f"public/{path.strip('/').replace('/', '-')}.html").write_text(text)
    found = validate(tmp_path / "public")
    assert found.returncode == 0, found.stdout
