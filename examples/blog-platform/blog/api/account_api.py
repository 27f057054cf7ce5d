"""Sign-up, and one's own account."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from blog.accounts import cookies, names, passwords, profile
from blog.accounts.sign_up import sign_up
from blog.api.session_api import SESSION, USER_PROPERTIES, session_answer
from blog.endpoint import Access, Call, Endpoint

_NAME = {"type": "string", "maxLength": 2 * names.MAX_DISPLAY_CHARACTERS}
_ABOUT = {"type": "string", "maxLength": 2 * names.MAX_ABOUT_CHARACTERS}
_PASSWORD = {"type": "string", "maxLength": passwords.MAX_CHARACTERS}

SIGN_UP = {
    "type": "object",
    "additionalProperties": False,
    "required": ["user", "password"],
    "properties": {
        "user": {"type": "string", "maxLength": 100},
        "name": _NAME,
        "password": _PASSWORD,
    },
}
PROFILE = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": {"name": _NAME, "about": _ABOUT},
}
NEW_PASSWORD = {
    "type": "object",
    "additionalProperties": False,
    "required": ["old", "new"],
    "properties": {"old": _PASSWORD, "new": _PASSWORD},
}
DELETION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["password"],
    "properties": {"password": _PASSWORD},
}
OWN_ACCOUNT = {
    "type": "object",
    "required": [*USER_PROPERTIES, "about", "joined_at"],
    "properties": {
        **USER_PROPERTIES,
        "about": {"type": "string"},
        "joined_at": {"type": "string"},
    },
}


def _sign_up(call: Call) -> Response:
    values = call.values
    new = sign_up(call, values["user"], values.get("name", ""), values["password"])
    return session_answer(call.platform, new, 201)


def _show(call: Call) -> Response:
    own = profile.own_account(call)
    return JSONResponse(
        {
            "user": own.account.name,
            "name": own.account.display_name,
            "roles": list(own.account.roles),
            "about": own.about,
            "joined_at": own.joined_at,
        }
    )


def _change(call: Call) -> Response:
    own = profile.own_account(call)
    name = call.values.get("name", own.account.display_name)
    profile.change_profile(call, name, call.values.get("about", own.about))
    return _show(call)


def _change_password(call: Call) -> Response:
    new = profile.change_password(call, call.values["old"], call.values["new"])
    return session_answer(call.platform, new)


def _delete(call: Call) -> Response:
    profile.delete_account(call, call.values["password"])
    response = Response(status_code=204)
    cookies.clear_session(response, call.platform.settings)
    return response


_ME = "/api/me"
ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/accounts",
        Access.PUBLIC,
        _sign_up,
        "Sign up",
        body=SIGN_UP,
        answer=SESSION,
        status=201,
    ),
    Endpoint("GET", _ME, Access.AUTHOR, _show, "One's own account", answer=OWN_ACCOUNT),
    Endpoint(
        "PATCH",
        _ME,
        Access.AUTHOR,
        _change,
        "Change what readers see",
        body=PROFILE,
        answer=OWN_ACCOUNT,
    ),
    Endpoint(
        "PUT",
        f"{_ME}/password",
        Access.AUTHOR,
        _change_password,
        "Change the password; all other sessions end",
        body=NEW_PASSWORD,
        answer=SESSION,
    ),
    Endpoint(
        "DELETE",
        _ME,
        Access.AUTHOR,
        _delete,
        "Delete the account, with its posts and pictures",
        body=DELETION,
        status=204,
    ),
)
