"""The cookies of the platform.

The session is in `nf_jwt`, where redirect rules with `Role=` read it. With HTTPS the API reads its
copy in `__Host-session` instead: browsers take a cookie with this prefix only from this very host,
so a sibling such as `evil.example.org`, which may set cookies for all of `example.org`, cannot
slip its own session to a visitor (RFC 6265bis, 4.1.3.2). It can still set `nf_jwt`, and so choose
which rules with `Role=` a visitor of the site meets; that shows nobody's data.

Without HTTPS, on this machine, there is no such prefix: of two different sessions none counts.
"""

from __future__ import annotations

from starlette.requests import Request, cookie_parser
from starlette.responses import Response

from blog.account import Session
from blog.accounts import csrf, devices, sessions
from blog.accounts.login import BegunSession
from blog.platform import Platform
from blog.settings import Settings

HOST_COOKIE = "__Host-session"


def session_token(request: Request, settings: Settings) -> str | None:
    """The token of a request, if there is exactly one."""
    name = HOST_COOKIE if settings.is_secure else sessions.COOKIE
    found = {
        value
        for header in request.headers.getlist("cookie")
        for pair in header.split(";")
        for key, value in cookie_parser(pair).items()
        if key == name
    }
    return found.pop() if len(found) == 1 else None


def set_session(response: Response, platform: Platform, session: Session) -> None:
    """Give a browser a session."""
    now = platform.clock()
    token = sessions.signed(session, platform.settings.jwt_secret, now)
    for name in _session_names(platform.settings):
        _set(response, platform.settings, name, token, int(session.expires_at - now))


def set_logged_in(response: Response, platform: Platform, begun: BegunSession) -> None:
    """Give a browser a session, and what lets it be known at the next log-in."""
    set_session(response, platform, begun.session)
    _set(response, platform.settings, devices.COOKIE, begun.device, devices.LIFETIME_SECONDS)
    clear(response, platform.settings, csrf.VISITOR_COOKIE)


def clear_session(response: Response, settings: Settings) -> None:
    """Take the session from a browser."""
    for name in _session_names(settings):
        clear(response, settings, name)


def set_visitor(response: Response, settings: Settings, value: str) -> None:
    """Give a visitor the cookie that the tokens of their forms belong to, until they log in."""
    _set(response, settings, csrf.VISITOR_COOKIE, value, None)


def clear(response: Response, settings: Settings, name: str) -> None:
    response.delete_cookie(name, path="/", secure=settings.is_secure, httponly=True, samesite="lax")


def _session_names(settings: Settings) -> tuple[str, ...]:
    return (sessions.COOKIE, HOST_COOKIE) if settings.is_secure else (sessions.COOKIE,)


def _set(
    response: Response, settings: Settings, name: str, value: str, max_age: int | None
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path="/",
        secure=settings.is_secure,
        httponly=True,
        samesite="lax",
    )
