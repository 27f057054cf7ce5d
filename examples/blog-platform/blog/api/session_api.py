"""Log-in and log-out, and who is logged in."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from blog.account import Session
from blog.accounts import cookies, csrf, login
from blog.accounts.login import BegunSession
from blog.accounts.passwords import MAX_CHARACTERS
from blog.endpoint import Access, Call, Endpoint
from blog.platform import Platform

USER_PROPERTIES = {
    "user": {"type": "string"},
    "name": {"type": "string"},
    "roles": {"type": "array", "items": {"enum": ["author", "admin"]}},
}
USER = {"type": "object", "required": [*USER_PROPERTIES], "properties": USER_PROPERTIES}
SESSION = {
    "type": "object",
    "required": ["user", "csrf"],
    "properties": {"user": {"anyOf": [USER, {"type": "null"}]}, "csrf": {"type": "string"}},
}
LOGIN = {
    "type": "object",
    "additionalProperties": False,
    "required": ["user", "password"],
    "properties": {
        "user": {"type": "string", "maxLength": 100},
        "password": {"type": "string", "maxLength": MAX_CHARACTERS},
    },
}


def session_value(session: Session | None, token: str) -> dict[str, Any]:
    """Who is logged in, and the token for requests that change something."""
    if session is None:
        return {"user": None, "csrf": token}
    account = session.account
    user = {"user": account.name, "name": account.display_name, "roles": list(account.roles)}
    return {"user": user, "csrf": token}


def session_answer(platform: Platform, begun: BegunSession, status: int = 200) -> Response:
    """The answer that begins a session."""
    token = csrf.token(platform.settings.jwt_secret, begun.session.id)
    response = JSONResponse(session_value(begun.session, token), status)
    cookies.set_logged_in(response, platform, begun)
    return response


def _show(call: Call) -> Response:
    return JSONResponse(session_value(call.session, call.csrf))


def _begin(call: Call) -> Response:
    return session_answer(
        call.platform, login.log_in(call, call.values["user"], call.values["password"])
    )


def _end(call: Call) -> Response:
    login.log_out(call)
    response = Response(status_code=204)
    cookies.clear_session(response, call.platform.settings)
    return response


_PATH = "/api/session"
ENDPOINTS = (
    Endpoint("GET", _PATH, Access.PUBLIC, _show, "Who is logged in", answer=SESSION),
    Endpoint("POST", _PATH, Access.PUBLIC, _begin, "Log in", body=LOGIN, answer=SESSION),
    Endpoint("DELETE", _PATH, Access.AUTHOR, _end, "Log out", status=204),
)
