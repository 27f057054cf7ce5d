"""The preview as an ASGI application: live reload in front of an edge whose pages it decorates."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from ssg.edge.app import Edge
from ssg.model.errors import Problem, summarize
from ssg.preview.access_control import host_is_own_name
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

    def __init__(self, edge: Edge) -> None:
        self.edge = edge
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
        if scope["type"] == "http" and scope["raw_path"].startswith(PREFIX):
            await self._own_response(scope)(scope, receive, send)
        else:
            await self.edge(scope, receive, send)

    def _own_response(self, scope: Scope) -> Response:
        """The response to the live-reload script and its requests."""
        headers, path = {"cache-control": "no-store"}, scope["raw_path"].decode("latin-1")
        # Events name source files. A page of another site must not read them through a host name
        # of its own that points to this server (DNS rebinding).
        if path == EVENTS_PATH and host_is_own_name(Headers(scope=scope), scope.get("server")):
            stream = self.events.stream()
            return StreamingResponse(stream, headers=headers, media_type="text/event-stream")
        if path == SCRIPT_PATH:
            return Response(SCRIPT, 200, headers, media_type="text/javascript")
        return Response(b"", 404, headers)
