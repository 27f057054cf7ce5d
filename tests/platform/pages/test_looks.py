"""The pages of writing and of moderation: valid HTML, and nothing that axe complains of.

With `SCREENSHOTS=FOLDER` each page is also a picture there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from blog.pictures import pictures
from blog.pictures.encoding import encode_picture
from tests.e2e.test_accessibility import axe, violations
from tests.e2e.test_html import validate
from tests.platform.pages.browsers import browser, platform_site, served
from tests.platform.pages.served import ServedApi
from tests.platform.pictures.files import picture
from tests.platform.posts.stored import insert, store_post
from tests.platform.signed_in import SignedIn

__all__ = ["axe", "browser", "platform_site", "served"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(240)]

LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 390)]
TEXT = "High **water**.\n\n## Tides\n\n- one\n- two\n\n> A `quote`\n\n```py\nprint(1)\n```\n"
LONG = "Averyveryverylongwordthatdoesnotendwhereascreenends" * 3


def fill_in(page: Page, text: str = TEXT) -> None:
    page.fill("#field-title", "Spring tides")
    page.fill("#field-text", text)


def _new(page: Page) -> None:
    page.goto("/account/write")


def _edited(page: Page) -> None:
    page.goto("/account/write?post=seen")
    page.get_by_role("toolbar").wait_for()
    page.get_by_role("button", name="Preview").click()
    page.locator(".preview h2, .preview h3").first.wait_for()


def _mistakes(page: Page) -> None:
    page.goto("/account/write")
    page.get_by_role("toolbar").wait_for()
    fill_in(page)
    page.fill("#field-slug", "No Such")
    page.fill("#field-tags", "a,b,c,d,e,f,g,h,i")
    page.get_by_role("button", name="Publish").click()
    page.locator("#error-tags").wait_for()


def _conflict(page: Page) -> None:
    page.goto("/account/write?post=seen")
    page.get_by_role("toolbar").wait_for()
    page.evaluate("document.querySelector('[name=revision]').value = 1234")
    page.fill("#field-text", "Of this window.")
    page.get_by_role("alert").wait_for()


def _restored(page: Page) -> None:
    page.goto("/account/write")
    page.get_by_role("toolbar").wait_for()
    user = page.get_attribute("form.editor", "data-user")
    page.evaluate(
        """user => localStorage.setItem(`draft:${user}:new`, JSON.stringify({
            time: Date.now(), revision: "", content: {title: "Kept", text: "Words"}}))""",
        user,
    )
    page.reload()
    page.get_by_role("alert").wait_for()


def _hidden(page: Page) -> None:
    page.goto("/account/write?post=bad")


def _posts(page: Page) -> None:
    page.goto("/account/posts?done=publish&post=seen-of-me")


def _pictures(page: Page) -> None:
    page.goto("/account/pictures")


def _delete(page: Page) -> None:
    page.goto("/account/posts")
    page.get_by_role("link", name="Delete Seen").click()


def _report(page: Page) -> None:
    page.goto("/account/report?user=uma&slug=seen")


def _report_mistake(page: Page) -> None:
    _report(page)
    page.evaluate("document.querySelector('form[action$=report]').noValidate = true")
    page.get_by_role("button", name="Report", exact=True).click()
    page.locator("#error-reason").wait_for()


def _reported(page: Page) -> None:
    page.goto("/account/reported")


def _reports(page: Page) -> None:
    page.goto("/account/reports")
    for summary in page.locator("main summary").all():
        summary.click()


PAGES: Mapping[str, Callable[[Page], None]] = {
    "new": _new,
    "edited": _edited,
    "mistakes": _mistakes,
    "conflict": _conflict,
    "restored": _restored,
    "hidden": _hidden,
    "posts": _posts,
    "pictures": _pictures,
    "delete": _delete,
    "report": _report,
    "report-mistake": _report_mistake,
    "reported": _reported,
    "reports": _reports,
}


@pytest.fixture(scope="module")
def uma(served: ServedApi, browser: Browser) -> Iterator[SignedIn]:
    """An administrator with posts in all states, some of which are reported."""
    context = browser.new_context(base_url=served.url)
    uma = served.log_in(context, "uma", is_admin=True)
    hidden = {"hidden": 1, "title": LONG, "id": "bad-of-me"}
    later = {"status": "scheduled", "published_at": None, "publish_at": "2030-02-01T10:00:00Z"}
    with served.api.platform.database.writing() as connection:
        post = store_post(
            connection,
            uma.account.id,
            "seen",
            text=TEXT,
            tags="sea moon",
            id="seen-of-me",
            title="Seen",
        )
        begun = {"status": "draft", "published_at": None, "title": ""}
        store_post(connection, uma.account.id, "begun", **begun)
        store_post(connection, uma.account.id, "later", **later)
        bad = store_post(connection, uma.account.id, "bad", text=LONG, **hidden)
        reasons = ("It is spam.", LONG, "One line\nand another")
        insert(connection, "report", [_row(post, reason) for reason in reasons])
        insert(connection, "report", [_row(bad, "Threats.")])
        connection.change(
            """INSERT INTO decision (id, decided_at, admin, action, account, post, reason)
               VALUES ('x', '2027-01-15T08:00:00Z', :uma, 'hide', :uma, :post, 'It is spam.')""",
            post=bad,
            uma=uma.account.id,
        )
        for size in (300, 700):
            found = encode_picture(picture(size=(size, 400)))
            pictures.add(connection, found, uma.account.id, 0)
    yield uma
    context.close()


def _row(post: str, reason: str) -> Mapping[str, str | None]:
    return {
        "id": f"{post} {reason[:9]}",
        "post": post,
        "reporter": None,
        "reason": reason,
        "reported_at": "2027-01-15T08:00:00Z",
        "closed_at": None,
    }


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def page(
    request: pytest.FixtureRequest, browser: Browser, served: ServedApi, uma: SignedIn
) -> Iterator[Page]:
    scheme, width = request.param
    context: BrowserContext = browser.new_context(
        base_url=served.url,
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
        bypass_csp=True,  # axe is one more script
        reduced_motion="reduce",
    )
    served.log_in(context, "uma", is_admin=True)
    yield context.new_page()
    context.close()


def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    page: Page, axe: str, request: pytest.FixtureRequest
) -> None:
    found = dict[str, object]()
    for name, show in PAGES.items():
        show(page)
        if page.locator("[data-editor]").count():
            page.get_by_role("toolbar").wait_for()
        if folder := os.environ.get("SCREENSHOTS"):
            look = request.node.callspec.id
            page.screenshot(path=f"{folder}/{name}-{look}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if problems := [*violations(page, axe), *([f"{wide} pixels too wide"] if wide > 0 else [])]:
            found[name] = problems
        if page.locator("h1").count() != 1:
            found[f"{name}: headings"] = page.locator("h1").all_inner_texts()
    assert found == {}


@pytest.mark.node
def test_the_pages_are_valid_html(served: ServedApi, uma: SignedIn, tmp_path: Path) -> None:
    """As the API sends them, without what scripts add."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for number, path in enumerate(
        (
            "/account/write",
            "/account/write?post=seen",
            "/account/write?post=bad",
            "/account/posts?done=publish&post=seen-of-me",
            "/account/posts/delete?post=seen-of-me",
            "/account/report?user=uma&slug=seen",
            "/account/reported",
            "/account/reports",
            "/account/pictures",
        )
    ):
        answer = uma.client.get(path)
        assert answer.status_code == 200, path
        (folder / f"page{number}.html").write_text(answer.text, "utf-8")
    wrong = {"title": "x" * 300, "text": TEXT, "slug": "No Such", "at": "x", "do": "schedule"}
    for number, do in enumerate(("publish", "preview")):
        data = {"csrf": uma.token, **wrong, "do": do}
        answer = uma.client.post("/account/write", data=data, headers={"Origin": served.url})
        (folder / f"form{number}.html").write_text(answer.text, "utf-8")
    found = validate(folder)
    assert found.returncode == 0, re.sub(r"\x1b\[[\d;]*m", "", found.stdout)
