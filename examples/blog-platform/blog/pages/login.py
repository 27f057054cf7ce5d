"""The forms of log-in and log-out.

Users who have forgotten a password ask an administrator: the platform has no e-mail addresses.
"""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from blog.accounts import cookies
from blog.accounts.login import BegunSession, log_in, log_out
from blog.endpoint import Access, Call, Endpoint, Format
from blog.pages.shell import own_path, page, text
from blog.refusal import RefusalError

AFTER = "/me/"
_PATH = "/account/login"


def logged_in(call: Call, begun: BegunSession, path: str) -> Response:
    """The answer that begins a session and leads to a page."""
    response = RedirectResponse(path, 303)
    cookies.set_logged_in(response, call.platform, begun)
    return response


def _show(call: Call) -> Response:
    path = own_path(call.request.query_params.get("next", ""), AFTER)
    if call.session:
        return RedirectResponse(path, 303)
    return page(call, "login.html", "Log in", next=path, user="")


def _log_in(call: Call) -> Response:
    user = text(call.values, "user")
    path = own_path(text(call.values, "next"), AFTER)
    try:
        new = log_in(call, user, text(call.values, "password"))
    except RefusalError as error:
        return _again(call, error)
    return logged_in(call, new, path)


def _again(call: Call, error: RefusalError) -> Response:
    """The form with what was typed, such as when its token was too old."""
    user = text(call.values, "user")
    path = own_path(text(call.values, "next"), AFTER)
    status = 422 if error.status == 401 else error.status
    return page(call, "login.html", "Log in", status=status, error=error, next=path, user=user)


def _log_out(call: Call) -> Response:
    log_out(call)
    response = RedirectResponse("/", 303)
    cookies.clear_session(response, call.platform.settings)
    return response


ENDPOINTS = (
    Endpoint("GET", _PATH, Access.PUBLIC, _show, "The form of log-in", Format.HTML),
    Endpoint(
        "POST",
        _PATH,
        Access.PUBLIC,
        _log_in,
        "Log in",
        Format.HTML,
        status=303,
        refused=_again,
    ),
    Endpoint(
        "POST", "/account/logout", Access.AUTHOR, _log_out, "Log out", Format.HTML, status=303
    ),
)
