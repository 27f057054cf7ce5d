"""Reports of readers, and what administrators do with them, in JSON."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from blog.accounts import limits
from blog.api.schemas import COUNT, TEXT, TIME, array, or_null, table
from blog.endpoint import Access, Call, Endpoint, Schema
from blog.moderation import decisions, reports
from blog.moderation.decisions import Decision
from blog.moderation.reports import MAX_REASON_CHARACTERS, ReportedPost
from blog.refusal import invalid, not_found

_REASON: Schema = {"type": "string", "maxLength": MAX_REASON_CHARACTERS}
_REPORT = table(id=TEXT, reason=TEXT, reported_at=TIME, reporter=or_null(TEXT))
_REPORTED = table(
    user=TEXT,
    name=TEXT,
    slug=TEXT,
    title=TEXT,
    markdown=TEXT,
    hidden={"type": "boolean"},
    suspended={"type": "boolean"},
    reports=array(_REPORT),
)
_DONE = table(ok={"type": "boolean"})


def add_report(call: Call) -> None:
    """Keep the report of a form or of a program. Raises RefusalError."""
    reason = reason_of(call)
    if not reason:
        raise invalid({"reason": "Say what is wrong."})
    limits.check(call, "report")
    user, slug = str(call.values.get("user", "")), str(call.values.get("slug", ""))
    reporter = call.session.account.id if call.session else None
    with call.platform.database.writing() as connection:
        post = reports.visible_post(connection, user, slug)
        if post is None:
            raise not_found("There is no such post.")
        reports.add(connection, post["id"], reporter, reason, call.platform.clock())


def reason_of(call: Call) -> str:
    """The reason of a form or of a program, without characters that are no text."""
    told = str(call.values.get("reason", "")).strip()
    reason = "".join(one for one in told if one.isprintable() or one == "\n")
    if len(reason) > MAX_REASON_CHARACTERS:
        raise invalid({"reason": f"Use at most {MAX_REASON_CHARACTERS} characters."})
    return reason


def close_report(call: Call, report: str) -> None:
    """Close a report with which there is nothing to do. Raises RefusalError."""
    with call.platform.database.writing() as connection:
        if not reports.close(connection, report, call.platform.clock()):
            raise not_found("There is no such open report.")


def _report(call: Call) -> Response:
    add_report(call)
    return JSONResponse({"ok": True}, 201)


def _reports(call: Call) -> Response:
    with call.platform.database.reading() as connection:
        found = reports.open_reports(connection)
    return JSONResponse({"items": [_value(one) for one in found], "total": len(found)})


def _value(post: ReportedPost) -> dict[str, Any]:
    return {
        "user": post.user,
        "name": post.name,
        "slug": post.slug,
        "title": post.title,
        "markdown": post.text,
        "hidden": post.is_hidden,
        "suspended": post.is_suspended,
        "reports": [
            {
                "id": one.id,
                "reason": one.reason,
                "reported_at": one.reported_at,
                "reporter": one.reporter,
            }
            for one in post.reports
        ],
    }


def _close(call: Call) -> Response:
    close_report(call, call.parameters["id"])
    return JSONResponse({"ok": True})


def _decision(action: str, path: str, summary: str) -> Endpoint:
    decide = decisions.ACTIONS[action]

    def handle(call: Call) -> Response:
        decision = Decision(call.platform, call.account, reason_of(call))
        decide(decision, call.parameters["user"], call.parameters.get("slug", ""))
        return JSONResponse({"ok": True})

    return Endpoint(
        "POST",
        f"/api/admin/{path}/{action}",
        Access.ADMIN,
        handle,
        summary,
        body=table(["reason"], reason=_REASON),
        answer=_DONE,
    )


ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/reports",
        Access.PUBLIC,
        _report,
        "Report a post that is not as it should be.",
        body=table(user=TEXT, slug=TEXT, reason=_REASON),
        answer=_DONE,
        status=201,
    ),
    Endpoint(
        "GET",
        "/api/admin/reports",
        Access.ADMIN,
        _reports,
        "The posts with open reports.",
        answer=table(items=array(_REPORTED), total=COUNT),
    ),
    Endpoint(
        "POST",
        "/api/admin/reports/{id}/close",
        Access.ADMIN,
        _close,
        "Close a report: there is nothing to do.",
        answer=_DONE,
    ),
    _decision("hide", "posts/{user}/{slug}", "Hide a post from visitors."),
    _decision("show", "posts/{user}/{slug}", "Show a hidden post again."),
    _decision("suspend", "users/{user}", "Log an account out for good, and hide its posts."),
    _decision("restore", "users/{user}", "Take a suspension back."),
)
