"""Turns an endpoint into a route: checks who asks, reads the body, and calls the handler.

What costs nothing comes first: a request of another site is refused before its body is read, and a
body that is too long before anybody is looked up.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import fastjsonschema
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from blog.account import Session
from blog.accounts import cookies, csrf, limits, sessions
from blog.database import NotTextError
from blog.endpoint import Access, Call, Endpoint, Format, ShowRefusal
from blog.platform import Platform
from blog.purge.purger import Purger
from blog.refusal import RefusalError, invalid, not_found

_log = logging.getLogger("blog")
_BUSY = RefusalError(
    503,
    "Nothing was changed: the database is busy. Please try again.",
    headers={"Retry-After": "2"},
)

_NOT_TEXT = RefusalError(400, "This has a character that is not text.")

Validate = Callable[[Mapping[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Makes routes of endpoints."""

    platform: Platform
    purger: Purger
    show: ShowRefusal

    def route(self, endpoint: Endpoint) -> Route:
        """The route of an endpoint."""
        validate: Validate = fastjsonschema.compile(dict(endpoint.body or {}))

        async def answer(request: Request) -> Response:
            return await self._answer(endpoint, validate, request)

        return Route(endpoint.path, answer, methods=[endpoint.method])

    async def _answer(self, endpoint: Endpoint, validate: Validate, request: Request) -> Response:
        visitor = request.cookies.get(csrf.VISITOR_COOKIE) or csrf.new_visitor()
        call = Call(self.platform, request, None)
        try:
            _check_address(request)
            if endpoint.is_unsafe:
                self._check_origin(request)
            body = await _body(request, endpoint.max_body_bytes)
            values = await _values(request, body)
            session = await run_in_threadpool(self._session, request)
            holder = session.id if session else visitor
            token = csrf.token(self.platform.settings.jwt_secret, holder)
            call = Call(self.platform, request, session, values, body, token)
            self._check_access(endpoint, call, holder)
            _check_values(validate, values)
            response = await run_in_threadpool(_handled, endpoint, call)
        except RefusalError as error:
            response = await run_in_threadpool(self._refused, endpoint, call, error)
        except NotTextError:
            empty = replace(call, values={})  # a form with this cannot be shown again
            response = await run_in_threadpool(self._refused, endpoint, empty, _NOT_TEXT)
        except (OperationalError, PoolTimeoutError):  # such as a database that restarts
            _log.exception("%s %s", endpoint.method, endpoint.path)
            response = await run_in_threadpool(self._refused, endpoint, call, _BUSY)
        if endpoint.is_unsafe and response.status_code < 400:
            await self.purger.send_soon()
        if "cache-control" not in response.headers:  # a cache may keep others, with their cookies
            await self._give_cookies(response, call, visitor)
            response.headers["cache-control"] = "private, no-store"
        return response

    async def _give_cookies(self, response: Response, call: Call, visitor: str) -> None:
        """Renew a session. A visitor gets a cookie together with a token for it."""
        if call.session and sessions.is_due(call.session, self.platform.clock()):
            await run_in_threadpool(self._renew, call.session, response)
        is_new = not call.session and csrf.VISITOR_COOKIE not in call.request.cookies
        if is_new and call.csrf and call.csrf.encode() in getattr(response, "body", b""):
            cookies.set_visitor(response, self.platform.settings, visitor)

    def _check_origin(self, request: Request) -> None:
        if not csrf.is_own(request.headers, self.platform.settings.origin):
            raise RefusalError(403, "This request came from another site.")

    def _session(self, request: Request) -> Session | None:
        """The session of the cookie; none if there is no valid one."""
        token = cookies.session_token(request, self.platform.settings)
        now = self.platform.clock()
        secret = self.platform.settings.jwt_secret
        claims = sessions.claims_of(token, secret, now) if token else None
        if claims is None:
            return None
        with self.platform.database.reading() as connection:
            return sessions.find(connection, claims, now)

    def _renew(self, session: Session, response: Response) -> None:
        """Renew a session that is still used, unless this request has ended it."""
        with self.platform.database.writing() as connection:
            renewed = sessions.renewed(connection, session, self.platform.clock())
        if renewed:
            cookies.set_session(response, self.platform, renewed)

    def _check_access(self, endpoint: Endpoint, call: Call, holder: str) -> None:
        if endpoint.access is not Access.PUBLIC and call.session is None:
            raise RefusalError(401, "Please log in.")
        if endpoint.access is Access.ADMIN and not call.account.is_admin:
            raise RefusalError(403, "Only administrators may do this.")
        if endpoint.is_unsafe:
            told = call.request.headers.get(csrf.HEADER) or str(call.values.get(csrf.FIELD, ""))
            if not csrf.is_token(self.platform.settings.jwt_secret, holder, told):
                raise RefusalError(403, "This form is too old. Load the page again.")

    def _refused(self, endpoint: Endpoint, call: Call, error: RefusalError) -> Response:
        if endpoint.format is not Format.HTML:
            value = {"error": error.message, **({"fields": error.fields} if error.fields else {})}
            return JSONResponse(value, error.status, error.headers)
        if endpoint.refused and call.values:
            try:
                return endpoint.refused(call, error)
            except RefusalError as another:
                error = another
        if error.status == 401 and not call.wants_part:
            return RedirectResponse(_login_address(call.request), 303)
        return self.show(call, error)


def _login_address(request: Request) -> str:
    """Where to log in, and which page comes after that."""
    wanted = request.url.path if request.method == "GET" else "/account/posts"
    query = f"?{request.url.query}" if request.method == "GET" and request.url.query else ""
    return f"/account/login?next={quote(wanted + query, safe='')}"


async def _body(request: Request, limit: int) -> bytes:
    """The body of a request. Raises RefusalError if it is too long."""
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > limit:
                raise RefusalError(413, f"This is longer than {limit:,} bytes.")
    except ClientDisconnect:
        raise RefusalError(400, "The request broke off.") from None
    return bytes(body)


async def _values(request: Request, body: bytes) -> Mapping[str, Any]:
    """The object of JSON, or the fields of a form. Many programs name a type without a body."""
    if not body:
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return _object(body)
    if kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return dict(await _form(request, body))
    return {}


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusalError(400, "The body is not JSON.") from None
    if not isinstance(value, dict):
        raise RefusalError(400, "The body is not an object.")
    return value


async def _form(request: Request, body: bytes) -> Mapping[str, Any]:
    """The fields of a form, whose body has been read."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    try:
        # The body is limited. A handler that gets a text that is too long can show it again.
        form = await Request(request.scope, receive).form(
            max_files=1, max_fields=50, max_part_size=len(body)
        )
    except HTTPException:  # Starlette's, of a form that is damaged or has too many fields
        raise RefusalError(400, "The form cannot be read.") from None
    return {name: form[name] for name in form}


def _handled(endpoint: Endpoint, call: Call) -> Response:
    if endpoint.limit:
        limits.check(call, endpoint.limit)
    return endpoint.handler(call)


def _check_address(request: Request) -> None:
    """Raises RefusalError if an address has a zero character, which PostgreSQL does not take."""
    if "\0" in request.url.path:
        raise not_found()
    if "%00" in request.url.query:
        raise RefusalError(400, "The address has a character that is not text.")


def _check_values(validate: Validate, values: Mapping[str, Any]) -> None:
    """Raises RefusalError, with the field, if an object is not what its endpoint takes."""
    try:
        validate({name: value for name, value in values.items() if name != csrf.FIELD})
    except fastjsonschema.JsonSchemaValueException as error:
        field = ".".join(str(part) for part in error.path[1:])
        message = error.message.removeprefix("data.").removeprefix("data ")
        raise invalid({field: message}) from None
