"""The dashboard before the edge, as an ASGI application.

    /__ssg/               the page; its query says what is listed
    /__ssg/pulse          JSON: has anything changed?
    /__ssg/do             POST: the actions
    /__ssg/dashboard.css  /__ssg/dashboard.js

Every other request goes on to the edge. To one that does not come from this machine these
addresses do not exist.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections import OrderedDict
from collections.abc import Mapping
from importlib import resources
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ssg.edge.app import Edge
from ssg.edge.deployment import Deployment
from ssg.preview.access_control import is_local, may_act
from ssg.preview.counters import BIN_SECONDS
from ssg.preview.dashboard import actions
from ssg.preview.dashboard.actions import ActionResult
from ssg.preview.dashboard.html_page import DashboardData, draw, environment
from ssg.preview.dashboard.pages import PageTable
from ssg.preview.dashboard.query import DashboardQuery
from ssg.preview.debug_tools import DebugTools

PREFIX = "/__ssg"
PAGE_PATH = "/__ssg/"
PULSE_PATH = "/__ssg/pulse"
ACTION_PATH = "/__ssg/do"
_ASSETS = {
    "/__ssg/dashboard.css": "text/css; charset=UTF-8",
    "/__ssg/dashboard.js": "text/javascript; charset=UTF-8",
}
_METHODS = {
    PREFIX: "GET, HEAD",
    PAGE_PATH: "GET, HEAD",
    PULSE_PATH: "GET, HEAD",
    ACTION_PATH: "POST",
}
_METHODS |= dict.fromkeys(_ASSETS, "GET, HEAD")

MAX_FORM_BYTES = 16_384
KEPT_NOTICES = 16

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",  # with `no-referrer`, forms would be sent by origin `null`
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Dashboard:
    """Answers for its own addresses, and hands everything else to the edge."""

    def __init__(self, edge: Edge, instruments: DebugTools) -> None:
        self._edge = edge
        self._instruments = instruments
        self._token = secrets.token_urlsafe(32)
        self._run_id = secrets.token_hex(4)
        self._templates = environment()
        self._assets = {path: _asset(path) for path in _ASSETS}
        self._table: tuple[Deployment, PageTable | None] | None = None
        self._told: OrderedDict[str, ActionResult] = OrderedDict()
        self._deeds = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        path = scope.get("path", "")
        if scope["type"] != "http" or path not in _METHODS:
            await self._edge(scope, receive, send)
            return
        try:
            response = await self._answer(scope, receive, path)
        except Exception as error:  # whoever sees this can mend it, so they are told
            response = _plain(500, f"The dashboard failed: {type(error).__name__}: {error}")
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, path: str) -> Response:
        headers = Headers(scope=scope)
        if not is_local(headers, scope.get("client"), scope.get("server")):
            return _plain(404, "Not found")
        if scope["method"] not in _METHODS[path].split(", "):
            return _plain(405, "Method not allowed", {"allow": _METHODS[path]})
        if path == ACTION_PATH:
            return await self._act(Request(scope, receive), headers)
        return await self._show(path, scope["query_string"].decode("latin-1"))

    # -- showing -----------------------------------------------------------------------------

    async def _show(self, path: str, query: str) -> Response:
        if path == PREFIX:
            return Response(b"", 308, {"location": PAGE_PATH})
        if path == PULSE_PATH:
            return Response(json.dumps(self._pulse()), media_type="application/json")
        if path in self._assets:
            return Response(self._assets[path], media_type=_ASSETS[path])
        body = await run_in_threadpool(self._page, query)
        return Response(body, media_type="text/html; charset=UTF-8")

    def _page(self, query: str) -> bytes:
        told = self._told.get(dict(parse_qsl(query)).get("told", ""))
        return draw(self._templates, self._screen(), DashboardQuery.parse(query), told)

    def _screen(self) -> DashboardData:
        version = self._version()  # before the figures: what comes meanwhile is a newer one
        stage = self._edge.stage
        return DashboardData(
            stage,
            self._open_table(stage.deployment) if stage else None,
            self._instruments,
            self._edge.announcer.current.problems,
            self._token,
            version,
            self._run_id,
        )

    def _open_table(self, deployment: Deployment) -> PageTable | None:
        """The pages of the build that is served; opened once a build."""
        held = self._table
        if held is None or held[0] is not deployment:
            held = self._table = (deployment, open_table(deployment))
        return held[1]

    def _pulse(self) -> dict[str, str]:
        return {"run": self._run_id, "version": self._version()}

    def _version(self) -> str:
        """A text that differs whenever the page would. Plots move on with time while they show."""
        instruments, announced = self._instruments, self._edge.announcer.current
        moved = int(instruments.clock.real_now() // BIN_SECONDS)
        offset, armed = instruments.clock.offset_seconds, instruments.trap.armed
        numbers = instruments.stats.version, moved, int(offset), int(armed), self._deeds
        return "-".join(map(str, (*numbers, announced.build_id, len(announced.problems))))

    # -- acting ------------------------------------------------------------------------------

    async def _act(self, request: Request, headers: Mapping[str, str]) -> Response:
        form = await read_form(request)
        if form is None:
            return _plain(413, "Too much was sent")
        if not may_act(headers, form.get("token", ""), self._token):
            return _plain(403, "This form is not from this preview. Reload the dashboard.")
        told = await run_in_threadpool(self._perform, actions.read_action(form))
        back = DashboardQuery.parse(form.get("back", "")).query
        query = f"{back}{'&' if back else ''}told={self._keep(told)}"
        return Response(b"", 303, {"location": f"{PAGE_PATH}?{query}"})

    def _perform(self, action: actions.DashboardAction | None) -> ActionResult:
        if action is None:
            return ActionResult("There is no such action.", is_bad=True)
        stage, path = self._edge.stage, actions.page_of(action)
        table = self._open_table(stage.deployment) if stage else None
        if path is not None and not (table and table.has_deferred(path)):
            return ActionResult(f"There is no deferred page {path}.", is_bad=True)
        return actions.perform(action, stage.pages if stage else None, self._instruments)

    def _keep(self, told: ActionResult) -> str:
        """A name for what is to be told after the redirect."""
        self._deeds += 1
        name = secrets.token_hex(4)
        self._told[name] = told
        while len(self._told) > KEPT_NOTICES:
            self._told.popitem(last=False)
        return name


def open_table(deployment: Deployment) -> PageTable | None:
    """The pages of a build, where it says which they are."""
    if deployment.about is None:
        return None
    try:
        return PageTable.open(deployment.about.database)
    except sqlite3.Error:
        return None


async def read_form(request: Request) -> dict[str, str] | None:
    """The fields of a small form; None if it is too large."""
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_FORM_BYTES:
                return None
        return dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=20))
    except (ClientDisconnect, ValueError):
        return {}


def _asset(path: str) -> bytes:
    name = path.rpartition("/")[2]
    return resources.files("ssg.preview.dashboard").joinpath(name).read_bytes()


def _plain(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    return Response(f"{text}\n", status, headers, media_type="text/plain; charset=UTF-8")
