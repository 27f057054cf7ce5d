"""The dashboard as an ASGI application in front of the preview.

    /__ssg/               the page; its query says which pages are listed
    /__ssg/pulse          JSON: a version that changes whenever the page does
    /__ssg/do             POST: the actions
    /__ssg/dashboard.css  /__ssg/dashboard.js

Other requests go on to the preview. A request from another machine gets a 404 for these paths.
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

from ssg.edge.deployment import Deployment
from ssg.model.media_types import CONTENT_TYPES, HTML, PLAIN_TEXT
from ssg.preview.access_control import is_local, may_act
from ssg.preview.app import PreviewApp
from ssg.preview.counters import BIN_SECONDS
from ssg.preview.dashboard import actions
from ssg.preview.dashboard.actions import ActionResult
from ssg.preview.dashboard.html_page import DashboardData, environment, render_dashboard
from ssg.preview.dashboard.page_table import PageTable
from ssg.preview.dashboard.query import DashboardQuery
from ssg.preview.debug_tools import DebugTools
from ssg.preview.deployment import preview_deployment

PREFIX = "/__ssg"
PAGE_PATH = "/__ssg/"
PULSE_PATH = "/__ssg/pulse"
ACTION_PATH = "/__ssg/do"
_ASSETS = {
    "/__ssg/dashboard.css": CONTENT_TYPES[".css"],
    "/__ssg/dashboard.js": CONTENT_TYPES[".js"],
}
_METHODS = {
    PREFIX: "GET, HEAD",
    PAGE_PATH: "GET, HEAD",
    PULSE_PATH: "GET, HEAD",
    ACTION_PATH: "POST",
}
_METHODS |= dict.fromkeys(_ASSETS, "GET, HEAD")

MAX_FORM_BYTES = 16_384
MAX_KEPT_RESULTS = 16
MAX_NAMED_PAGES = 20_000
"""Finding the names of the tags of more pages would take seconds after each build."""

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
    """Answers for its own paths, and hands other requests to the preview."""

    def __init__(self, preview: PreviewApp, tools: DebugTools) -> None:
        self._preview = preview
        self._tools = tools
        self._token = secrets.token_urlsafe(32)
        self._run_id = secrets.token_hex(4)
        self._templates = environment()
        self._assets = {path: _asset(path) for path in _ASSETS}
        self._table: tuple[Deployment, PageTable | None] | None = None
        self._names: tuple[Deployment, Mapping[str, str]] | None = None
        self._results: OrderedDict[str, ActionResult] = OrderedDict()
        self._action_count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        path = scope.get("path", "")
        if scope["type"] != "http" or path not in _METHODS:
            await self._preview(scope, receive, send)
            return
        try:
            response = await self._answer(scope, receive, path)
        except Exception as error:  # its reader is the author, who can act on the reason
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
        return Response(body, media_type=HTML)

    def _page(self, query: str) -> bytes:
        result = self._results.get(dict(parse_qsl(query)).get("result", ""))
        return render_dashboard(self._templates, self._data(), DashboardQuery.parse(query), result)

    def _data(self) -> DashboardData:
        version = self._version()  # read before the figures, so that later changes give a newer one
        served = self._preview.edge.served
        return DashboardData(
            served,
            self._open_table(served.deployment) if served else None,
            self._tools,
            self._preview.events.current.problems,
            self._token,
            version,
            self._run_id,
            self._preview.edge.effect,
            self._tag_names(served.deployment) if served else {},
        )

    def _open_table(self, deployment: Deployment) -> PageTable | None:
        """Return the pages of a deployment; each is opened once."""
        held = self._table
        if held is None or held[0] is not deployment:
            held = self._table = (deployment, open_table(deployment))
        return held[1]

    def _tag_names(self, deployment: Deployment) -> Mapping[str, str]:
        """Return what the tags of a deployment stand for; found once, if the site is not huge."""
        held = self._names
        if held is None or held[0] is not deployment:
            held = self._names = (deployment, self._find_tag_names(deployment))
        return held[1]

    def _find_tag_names(self, deployment: Deployment) -> Mapping[str, str]:
        build, table = preview_deployment(deployment), self._open_table(deployment)
        is_shown = deployment.capabilities.tags and table and table.total <= MAX_NAMED_PAGES
        return build.info.tag_names() if is_shown and build and build.info else {}

    def _pulse(self) -> dict[str, str]:
        return {"run": self._run_id, "version": self._version()}

    def _version(self) -> str:
        """Return a text that changes whenever the page does; plots also move with time."""
        tools, event = self._tools, self._preview.events.current
        time_bin = int(tools.clock.real_now() // BIN_SECONDS)
        offset, armed = tools.clock.offset_seconds, tools.fault.armed
        has_effect = int(self._preview.edge.effect is not None)
        calls = tools.source_calls.version
        variants = tools.variants.version
        counts = tools.counters.version, calls, variants, self._action_count, has_effect
        numbers = *counts, time_bin, int(offset), int(armed)
        return "-".join(map(str, (*numbers, event.build_id, len(event.problems))))

    # -- acting ------------------------------------------------------------------------------

    async def _act(self, request: Request, headers: Mapping[str, str]) -> Response:
        form = await read_form(request)
        if form is None:
            return _plain(413, "The form is too large")
        if not may_act(headers, form.get("token", ""), self._token):
            return _plain(403, "This form is not from this preview. Reload the dashboard.")
        result = await run_in_threadpool(self._perform, actions.read_action(form))
        back = DashboardQuery.parse(form.get("back", "")).encoded
        query = f"{back}{'&' if back else ''}result={self._keep(result)}"
        return Response(b"", 303, {"location": f"{PAGE_PATH}?{query}"})

    def _perform(self, action: actions.DashboardAction | None) -> ActionResult:
        if action is None:
            return ActionResult("There is no such action.", is_bad=True)
        served, path = self._preview.edge.served, actions.page_of(action)
        table = self._open_table(served.deployment) if served else None
        is_live = served and path is not None and served.deployment.routes.find(path)
        if path is not None and not is_live and not (table and table.has_deferred(path)):
            return ActionResult(f"There is no deferred page {path}.", is_bad=True)
        return actions.perform(action, served.pages if served else None, self._tools)

    def _keep(self, result: ActionResult) -> str:
        """Keep a result to be shown after the redirect; returns its name."""
        self._action_count += 1
        name = secrets.token_hex(4)
        self._results[name] = result
        while len(self._results) > MAX_KEPT_RESULTS:
            self._results.popitem(last=False)
        return name


def open_table(deployment: Deployment) -> PageTable | None:
    """Open the pages of a deployment; None if its site database is missing or unreadable."""
    preview = preview_deployment(deployment)
    if preview is None or preview.info is None:
        return None
    try:
        return PageTable.open(preview.info.database)
    except sqlite3.Error:
        return None


async def read_form(request: Request) -> dict[str, str] | None:
    """Read the fields of a form; None if it is too large."""
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
    return Response(f"{text}\n", status, headers, media_type=PLAIN_TEXT)
