"""Run the preview: a server and a watcher in this process, until Ctrl-C."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from pathlib import Path

from ssg.edge.app import Edge
from ssg.edge.events import EdgeLog, Notice, NoticeLevel
from ssg.edge.http.http_server import HttpServer, server_log
from ssg.edge.storage.disk_store import DiskStore
from ssg.model.errors import Problem
from ssg.preview import overlay
from ssg.preview.app import PreviewApp
from ssg.preview.dashboard.app import Dashboard
from ssg.preview.debug_tools import DebugTools
from ssg.preview.deployment import PreviewDeployment
from ssg.preview.watch import Rebuild, Watcher


def run(
    listener: socket.socket,
    deployment: PreviewDeployment | None,
    *,
    cache_dir: Path,
    watch_paths: Iterable[Path],
    ignore: Iterable[Path],
    rebuild: Rebuild,
    on_log: EdgeLog,
    on_ready: Callable[[], None],
    problems: Iterable[Problem] = (),
    poll: bool = False,
    jwt_secret: str = "",
    draft_secret: bytes | None = None,
    allowed_hosts: Iterable[str] = (),
    tools: DebugTools | None = None,
) -> None:
    """Serve on a `listening_socket` until interrupted; call `on_ready` when it answers.

    `deployment` is None if the first build failed with `problems`; the server then waits for a
    build that succeeds. Without `watch_paths` nothing is rebuilt. `allowed_hosts` are names in
    `Host` that are answered beside those of `access_control.may_read`.
    """
    store = DiskStore(cache_dir, lambda text: on_log(Notice(NoticeLevel.WARNING, text)))
    tools = tools or DebugTools.new()
    log, now = tools.log(on_log), tools.clock.now
    edge = Edge(
        store,
        log,
        decorate=overlay.decorate,
        jwt_secret=jwt_secret,
        draft_secret=draft_secret,
        now=now,
    )
    preview = PreviewApp(edge, allowed_hosts, draft_secret)
    if deployment is not None:
        preview.deploy(tools.instrument(deployment))
    preview.report(problems)
    watched = tuple(watch_paths)
    with ExitStack() as stack:
        stack.enter_context(server_log(on_log))
        if watched:
            rebuild = tools.instrument_builds(rebuild)
            watcher = Watcher(preview, rebuild, watched, tuple(ignore), on_log, poll)
            stack.enter_context(watcher.running())
        with suppress(KeyboardInterrupt):
            dashboard = Dashboard(preview, tools)
            HttpServer(dashboard, on_ready, preview.events.close).run(sockets=[listener])
