"""The page with which readers report a post, and the one where administrators decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from starlette.responses import RedirectResponse, Response

from blog.api.moderation import add_report, close_report, reason_of
from blog.endpoint import Access, Call, Endpoint, Format
from blog.moderation import decisions, reports
from blog.moderation.decisions import Decision
from blog.moderation.reports import MAX_REASON_CHARACTERS
from blog.pages.shell import page, text
from blog.refusal import RefusalError, not_found

_REPORT = "/account/report"
_REPORTS = "/account/reports"


def _report_form(call: Call) -> Response:
    query = call.request.query_params
    return _form(call, query.get("user", ""), query.get("slug", ""))


def _form(call: Call, user: str, slug: str, error: RefusalError | None = None) -> Response:
    """The form for a post. Raises RefusalError if visitors see no such post."""
    with call.platform.database.reading() as connection:
        post = reports.visible_post(connection, user, slug)
    if post is None:
        raise not_found("There is no such post.")
    return page(
        call,
        "report.html",
        "Report a post",
        error=error,
        post=post,
        reason=text(call.values, "reason"),
        max_characters=MAX_REASON_CHARACTERS,
    )


def _report(call: Call) -> Response:
    user, slug = text(call.values, "user"), text(call.values, "slug")
    try:
        add_report(call)
    except RefusalError as error:
        return _form(call, user, slug, error)
    return RedirectResponse("/account/reported", 303)


def _again(call: Call, error: RefusalError) -> Response:
    return _form(call, text(call.values, "user"), text(call.values, "slug"), error)


def _reported(call: Call) -> Response:
    return page(call, "reported.html", "Thank you")


def _reports(call: Call, error: RefusalError | None = None) -> Response:
    with call.platform.database.reading() as connection:
        found = reports.open_reports(connection)
        hidden = decisions.hidden_posts(connection)
        suspended = decisions.suspended_accounts(connection)
    return page(
        call,
        "reports.html",
        "Reports",
        error=error,
        posts=found,
        hidden=hidden,
        suspended=suspended,
        max_characters=MAX_REASON_CHARACTERS,
    )


def _decide(call: Call) -> Response:
    """One of the buttons of the page of reports."""
    action = text(call.values, "action")
    try:
        if action == "close":
            close_report(call, text(call.values, "report"))
        elif decide := decisions.ACTIONS.get(action):
            decision = Decision(call.platform, call.account, reason_of(call))
            decide(decision, text(call.values, "user"), text(call.values, "slug"))
        else:
            raise RefusalError(400, "There is no such action.")
    except RefusalError as error:
        return _reports(call, error)
    return RedirectResponse(_REPORTS, 303)


def _html(
    method: str, path: str, access: Access, handler: Callable[[Call], Response], summary: str
) -> Endpoint:
    return Endpoint(method, path, access, handler, summary, Format.HTML)


ENDPOINTS = (
    _html("GET", _REPORT, Access.PUBLIC, _report_form, "The form that reports a post."),
    replace(_html("POST", _REPORT, Access.PUBLIC, _report, "Report a post."), refused=_again),
    _html("GET", "/account/reported", Access.PUBLIC, _reported, "The report was taken."),
    _html("GET", _REPORTS, Access.ADMIN, _reports, "The posts with open reports."),
    _html("POST", _REPORTS, Access.ADMIN, _decide, "Decide about a post or a user."),
)
