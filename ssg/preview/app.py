"""The preview as an ASGI application: live reload in front of an edge whose pages it decorates."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from ssg.edge.app import Edge
from ssg.edge.drafts.draft_endpoint import DraftEndpoint
from ssg.edge.drafts.draft_token import DRAFT_PATH
from ssg.edge.error_page import error_entry
from ssg.model.errors import Problem, summarize
from ssg.preview.access_control import may_read
from ssg.preview.deployment import PreviewDeployment
from ssg.preview.live_reload import (
    EVENTS_PATH,
    SCRIPT,
    SCRIPT_PATH,
    ReloadEvent,
    ReloadEvents,
    ShownProblem,
)

PREFIX = b"/__ssg/"


class PreviewApp:
    """Answers `/__ssg/...`, and hands other requests to the edge.

    The edge must have been made with `overlay.decorate`. `deploy` and `report` may be called
    from any thread, at any time.
    """

    def __init__(
        self,
        edge: Edge,
        allowed_hosts: Iterable[str] = (),
        draft_secret: bytes | None = None,
    ) -> None:
        self.edge = edge
        self._drafts = DraftEndpoint(draft_secret, lambda: edge.has_drafts)
        self._allowed_hosts = frozenset(name.lower() for name in allowed_hosts)
        self.events = ReloadEvents(ReloadEvent(None))

    def deploy(self, deployment: PreviewDeployment) -> None:
        """Serve this build from the next request on, and reload open pages."""
        before = self.edge.served
        self.edge.deploy(deployment)
        keeps_pages = before is not None and deployment.changes_styles_only
        styles_since = before.deployment.build_id if before and keeps_pages else None
        self.events.send(ReloadEvent(deployment.build_id, styles_since=styles_since))

    def report(self, problems: Iterable[Problem]) -> None:
        """Show the problems of a failed build over the pages of the last good one."""
        shown = tuple(ShownProblem.of(problem) for problem in summarize(problems))
        current = self.events.current
        self.events.send(ReloadEvent(current.build_id, shown, current.styles_since))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            return
        host = Headers(scope=scope).get("host", "")
        if not may_read(host, scope.get("server"), self._allowed_hosts):
            await wrong_host(host)(scope, receive, send)
        elif scope["raw_path"].startswith(PREFIX):
            await self._own_response(scope)(scope, receive, send)
        elif scope["raw_path"] == DRAFT_PATH.encode():
            await self._drafts(scope, receive, send)
        else:
            await self.edge(scope, receive, send)

    def _own_response(self, scope: Scope) -> Response:
        """The response to the live-reload script and its requests."""
        headers, path = {"cache-control": "no-store"}, scope["raw_path"].decode("latin-1")
        if path == EVENTS_PATH:
            stream = self.events.stream()
            return StreamingResponse(stream, headers=headers, media_type="text/event-stream")
        if path == SCRIPT_PATH:
            return Response(SCRIPT, 200, headers, media_type="text/javascript")
        return Response(b"", 404, headers)


def wrong_host(host: str) -> Response:
    """The response to a request for a host that this preview does not know (RFC 9110, 15.5.20)."""
    text = (
        "This is a preview, which answers only to names of this machine, so that no other site "
        f"can read drafts. If “{host}” is a name of yours, allow it: ssg serve --allow-host NAME"
    )
    entry = error_entry(421, "Unknown host name", text)
    return Response(entry.body, entry.status, {**entry.headers, "cache-control": "no-store"})
