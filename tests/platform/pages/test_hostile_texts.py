"""Texts that try to run a script, in every field of the pages: none runs, without a policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Route

from tests.examples import TIMES
from tests.platform.client import SITE_URL, RunningApi
from tests.platform.pages.browsers import browser
from tests.platform.posts.stored import insert, store_post
from tests.platform.signed_in import SignedIn, author
from tests.render.markdown.untrusted.corpus import HTML, TARGETS
from tests.render.markdown.untrusted.test_browser import NOTE_WHAT_RUNS

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(240)]

URL = "https://own.example/"
TEXTS = [text.replace("\0", "") for text in (*HTML, *TARGETS)]
TEXTS = TEXTS[:: 1 if TIMES > 1 else 3]
"""Every third text of the corpus, or all with `SSG_EXAMPLES=10`: all fields are escaped alike, and
Markdown has the whole corpus in its own tests."""
PARTS_OF_A_PAGE = 100
REPORTS_OF_A_PAGE = 90
TRY_EVERYTHING = """async () => {
  const stay = event => event.preventDefault();
  addEventListener("submit", stay);
  addEventListener("click", event => {
    if (event.target.closest("a[href]")?.protocol !== "javascript:") stay(event);
  });
  for (const element of document.querySelectorAll("section *")) {
    for (const name of ["mouseover", "pointerenter", "focus", "toggle", "input"])
      element.dispatchEvent(new Event(name, {bubbles: true}));
    element.focus?.();
    element.click?.();
  }
  await new Promise(done => setTimeout(done, 100));
  return window.ran;
}"""


def part(author: SignedIn, path: str) -> str:
    answer = author.get(path, **{"X-Part": "1"})
    assert answer.status_code == 200, (path, answer.text)
    return str(answer.text)


def submitted(author: SignedIn, path: str, **fields: str) -> str:
    author.api.clock.advance(60)
    headers = {"Origin": SITE_URL, "X-Part": "1"}
    answer = author.client.post(path, data={"csrf": author.token, **fields}, headers=headers)
    assert answer.status_code in {200, 422}, answer.text
    return str(answer.text)


def forms(api: RunningApi) -> Iterator[str]:
    """The forms as they come back, with a text in each field."""
    eve = author(api, "eve")
    with api.platform.database.writing() as connection:
        store_post(connection, "eve", "seen", title=HTML[0])
    for text in TEXTS:
        fields = dict.fromkeys(("title", "description", "text", "tags", "slug", "at", "alt"), text)
        for action in ("preview", "schedule"):
            yield submitted(eve, "/account/write", do=action, **fields)
        too_long = text + "x" * 1000
        yield submitted(eve, "/account/report", user="eve", slug="seen", reason=too_long)
        yield submitted(eve, "/account/settings", name=text + "x" * 100, about=text)


def lists(api: RunningApi) -> Iterator[str]:
    """The lists of posts and of reports, with the texts as what others have written."""
    admin = author(api, "root", is_admin=True)
    for number, text in enumerate(TEXTS):
        name = f"user{number}"
        writer = author(api, name, display_name=text)
        words = {"title": text, "description": text, "text": text, "tags": "sea"}
        with api.platform.database.writing() as connection:
            post = store_post(connection, name, "seen", hidden=1, id=f"post{number}", **words)
            insert(connection, "report", [_report(post, text)])
            insert(connection, "decision", [_decision(name, post, text)])
        yield part(writer, "/account/posts")
        yield part(writer, "/account/write?post=seen")
        yield part(writer, f"/account/posts/delete?post={post}")
        yield part(writer, "/account/settings")
        if number % REPORTS_OF_A_PAGE == 0:
            yield part(admin, "/account/reports")
            with api.platform.database.writing() as connection:
                connection.change("UPDATE report SET closed_at = reported_at")
                connection.change("UPDATE post SET hidden = 0")
    yield part(admin, "/account/reports")


def _report(post: str, text: str) -> dict[str, Any]:
    return {
        "id": post, "post": post, "reporter": None, "reason": text,
        "reported_at": "2027-01-15T08:00:00Z", "closed_at": None,
    }  # fmt: skip


def _decision(name: str, post: str, text: str) -> dict[str, Any]:
    return {
        "id": post, "decided_at": "2027-01-15T08:00:00Z", "admin": "root", "action": "hide",
        "account": name, "post": post, "reason": text,
    }  # fmt: skip


def what_runs(browser: Browser, parts: list[str]) -> list[str]:
    """What runs if all parts are on a page, and everything there is tried."""
    context = browser.new_context(bypass_csp=True)
    context.add_init_script(NOTE_WHAT_RUNS)
    ran = list[str]()
    for start in range(0, len(parts), PARTS_OF_A_PAGE):
        shown = parts[start : start + PARTS_OF_A_PAGE]
        sections = "".join(f"<section>{html}</section>\n" for html in shown)
        document = f"<!doctype html><meta charset=utf-8><body>{sections}"
        page = context.new_page()
        page.route("**/*", _only(document))
        page.on("dialog", _dismiss)
        page.goto(URL)
        ran += page.evaluate(TRY_EVERYTHING)
        page.close()
    context.close()
    return ran


def _only(document: str) -> Any:
    def answer(route: Route) -> None:
        if route.request.url == URL and route.request.is_navigation_request():
            route.fulfill(body=document, content_type="text/html; charset=utf-8")
        else:
            route.abort()

    return answer


def _dismiss(dialog: Dialog) -> None:
    dialog.dismiss()


def test_nothing_runs_in_forms_that_come_back(api: RunningApi, browser: Browser) -> None:
    parts = list(forms(api))
    assert len(parts) == 4 * len(TEXTS) > 300
    assert what_runs(browser, parts) == []


def test_nothing_runs_in_lists(api: RunningApi, browser: Browser) -> None:
    parts = list(lists(api))
    assert len(parts) > 4 * len(TEXTS)
    shown = sum(part.count('class="reported"') for part in parts)
    assert shown == len(TEXTS)
    assert what_runs(browser, parts) == []


def test_texts_run_where_they_are_not_escaped(browser: Browser) -> None:
    """The control."""
    assert len(what_runs(browser, [text for text in HTML if text.startswith("<img")])) > 5
