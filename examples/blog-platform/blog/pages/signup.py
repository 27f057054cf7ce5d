"""The form of sign-up."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from blog.accounts.sign_up import sign_up
from blog.endpoint import Access, Call, Endpoint, Format
from blog.pages.login import logged_in
from blog.pages.shell import own_path, page, text
from blog.refusal import RefusalError

AFTER = "/write/"
_PATH = "/account/signup"


def _show(call: Call) -> Response:
    path = own_path(call.request.query_params.get("next", ""), AFTER)
    if call.session:
        return RedirectResponse(path, 303)
    return page(call, "signup.html", "Sign up", next=path, user="", name="")


def _sign_up(call: Call) -> Response:
    user, name = text(call.values, "user"), text(call.values, "name")
    path = own_path(text(call.values, "next"), AFTER)
    try:
        new = sign_up(call, user, name, text(call.values, "password"))
    except RefusalError as error:
        return _again(call, error)
    return logged_in(call, new, path)


def _again(call: Call, error: RefusalError) -> Response:
    """The form with what was typed, such as when its token was too old."""
    user, name = text(call.values, "user"), text(call.values, "name")
    path = own_path(text(call.values, "next"), AFTER)
    return page(call, "signup.html", "Sign up", error=error, next=path, user=user, name=name)


ENDPOINTS = (
    Endpoint("GET", _PATH, Access.PUBLIC, _show, "The form of sign-up", Format.HTML),
    Endpoint(
        "POST",
        _PATH,
        Access.PUBLIC,
        _sign_up,
        "Sign up",
        Format.HTML,
        status=303,
        refused=_again,
    ),
)
