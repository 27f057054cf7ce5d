"""What can go wrong for the editor in a browser: crashes, other accounts, servers, conflicts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, Route, expect

from tests.platform.pages.browsers import (
    browser,
    context,
    page,
    platform_site,
    served,
)
from tests.platform.pages.editor import (
    API,
    NUMBERS,
    ana,
    editor,
    fail,
    is_saved,
    opened,
    posts_of,
    stored_text,
    text_of,
    told,
    write,
)
from tests.platform.pages.served import ServedApi
from tests.platform.posts.stored import store_post
from tests.platform.signed_in import SignedIn

__all__ = ["ana", "browser", "context", "editor", "page", "platform_site", "served"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(120)]


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
    served.log_in(context, f"ben{next(NUMBERS)}")
    again = opened(context.new_page())
    assert again.get_by_role("alert").count() == 0
    assert "Mine alone." not in again.content()


def test_a_text_is_never_saved_in_another_account(
    editor: Page, ana: SignedIn, context: BrowserContext, served: ServedApi
) -> None:
    ben = served.log_in(context, f"ben{next(NUMBERS)}")
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
        post = store_post(connection, ana.account.id, "tides", id=f"post{next(NUMBERS)}")
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
