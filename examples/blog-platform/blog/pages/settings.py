"""The forms of one's own account: what readers see, the password, and its end."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from blog.accounts import cookies, profile
from blog.endpoint import Access, Call, Endpoint, Format
from blog.pages.login import logged_in
from blog.pages.shell import page, text
from blog.refusal import RefusalError

_PATH = "/account/settings"
_DELETE = "/account/delete"
_SAVED = {"profile": "Your profile is saved.", "password": "Your password is changed."}


def _show(call: Call) -> Response:
    own = profile.own_account(call)
    saved = _SAVED.get(call.request.query_params.get("saved", ""), "")
    return _page(call, own.account.display_name, own.about, saved=saved)


def _page(
    call: Call, name: str, about: str, error: RefusalError | None = None, saved: str = ""
) -> Response:
    return page(call, "settings.html", "Settings", error=error, name=name, about=about, saved=saved)


def _change_profile(call: Call) -> Response:
    name, about = text(call.values, "name"), text(call.values, "about")
    try:
        profile.change_profile(call, name, about)
    except RefusalError as error:
        return _page(call, name, about, error)
    return RedirectResponse(f"{_PATH}?saved=profile", 303)


def _change_password(call: Call) -> Response:
    try:
        new = profile.change_password(call, text(call.values, "old"), text(call.values, "new"))
    except RefusalError as error:
        own = profile.own_account(call)
        return _page(call, own.account.display_name, own.about, error)
    return logged_in(call, new, f"{_PATH}?saved=password")


def _ask_deletion(call: Call) -> Response:
    return page(call, "delete_account.html", "Delete your account")


def _delete(call: Call) -> Response:
    try:
        profile.delete_account(call, text(call.values, "password"))
    except RefusalError as error:
        return page(call, "delete_account.html", "Delete your account", error=error)
    response = RedirectResponse("/", 303)
    cookies.clear_session(response, call.platform.settings)
    return response


ENDPOINTS = (
    Endpoint("GET", _PATH, Access.AUTHOR, _show, "The forms of one's own account", Format.HTML),
    Endpoint(
        "POST",
        _PATH,
        Access.AUTHOR,
        _change_profile,
        "Change what readers see",
        Format.HTML,
        status=303,
    ),
    Endpoint(
        "POST",
        "/account/password",
        Access.AUTHOR,
        _change_password,
        "Change the password",
        Format.HTML,
        status=303,
    ),
    Endpoint(
        "GET", _DELETE, Access.AUTHOR, _ask_deletion, "Ask before an account ends", Format.HTML
    ),
    Endpoint(
        "POST", _DELETE, Access.AUTHOR, _delete, "Delete the account", Format.HTML, status=303
    ),
)
