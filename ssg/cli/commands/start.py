"""`ssg start`."""

from __future__ import annotations

from typing import Annotated

import typer

from ssg.cli import options

FolderArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[DIR]",
        help="The folder that a build for the server wrote, or a link to it.",
        show_default="dist",
    ),
]
HostOption = Annotated[
    str | None,
    typer.Option("--host", help="The address to listen on.", show_default="127.0.0.1"),
]
PortOption = Annotated[
    str | None,
    typer.Option(
        "--port", "-p", metavar="N", help="The port; 0 chooses a free one.", show_default="8000"
    ),
]
WorkersOption = Annotated[
    str | None,
    typer.Option("--workers", metavar="N", help="The number of processes.", show_default="1"),
]
CacheOption = Annotated[
    str | None,
    typer.Option(
        "--cache",
        metavar="disk|PATH|redis://...",
        help="Where cached pages are: at the place for caches of this user, in a folder, or Redis.",
        show_default="disk",
    ),
]
FrontOption = Annotated[
    str | None,
    typer.Option(
        "--front",
        metavar="NAME",
        help="The cache in front of the server: varnish, nginx, fastly, cloudflare or cloudfront.",
        show_default="none",
    ),
]
ForwardedOption = Annotated[
    str | None,
    typer.Option(
        "--forwarded-allow-ips",
        metavar="IPS",
        help="Proxies whose X-Forwarded-For and X-Forwarded-Proto count.",
        show_default="none",
    ),
]
AccessLogOption = Annotated[
    str | None,
    typer.Option(
        "--access-log",
        metavar="none|text|json",
        help="Print a line for each request.",
        show_default="none",
    ),
]
GraceOption = Annotated[
    str | None,
    typer.Option(
        "--grace-seconds",
        metavar="N",
        help="How long responses that are under way may take at the end.",
        show_default="10",
    ),
]
RenderSecondsOption = Annotated[
    str | None,
    typer.Option(
        "--render-seconds",
        metavar="N",
        help="How long a visitor waits for a render.",
        show_default="30",
    ),
]
RendersOption = Annotated[
    str | None,
    typer.Option(
        "--renders", metavar="N", help="Renders at once, in each process.", show_default="4"
    ),
]
QueueOption = Annotated[
    str | None,
    typer.Option(
        "--queue", metavar="N", help="Renders that may wait, in each process.", show_default="100"
    ),
]
MetricsOption = Annotated[
    str | None,
    typer.Option(
        "--metrics-port",
        metavar="N",
        help="Serve metrics for Prometheus on this port.",
        show_default="none",
    ),
]
ConnectionsOption = Annotated[
    str | None,
    typer.Option(
        "--connections",
        metavar="N",
        help="Connections at once, in each process.",
        show_default="1000",
    ),
]


def start(
    folder: FolderArgument = None,
    host: HostOption = None,
    port: PortOption = None,
    workers: WorkersOption = None,
    cache: CacheOption = None,
    front: FrontOption = None,
    forwarded_allow_ips: ForwardedOption = None,
    access_log: AccessLogOption = None,
    grace_seconds: GraceOption = None,
    render_seconds: RenderSecondsOption = None,
    renders: RendersOption = None,
    queue: QueueOption = None,
    connections: ConnectionsOption = None,
    metrics_port: MetricsOption = None,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """Serve a build for the target server. Each option has a variable: SSG_PORT, for example."""
    import os
    import sys

    from ssg.edge.http.listener import listening_socket, url_of
    from ssg.server.access_log import log_of
    from ssg.server.process import run
    from ssg.server.settings import read_settings

    given = {
        "folder": folder,
        "host": host,
        "port": port,
        "workers": workers,
        "cache": cache,
        "front": front,
        "forwarded_allow_ips": forwarded_allow_ips,
        "access_log": access_log,
        "grace_seconds": grace_seconds,
        "render_seconds": render_seconds,
        "renders": renders,
        "queue": queue,
        "connections": connections,
        "metrics_port": metrics_port,
    }
    settings = read_settings(os.environ, given)
    with listening_socket(settings.host, settings.port) as listener:
        url = url_of(listener, settings.host)

        def announce() -> None:
            sys.stderr.write(f"serving {settings.folder} on {url}\n")

        run(settings, os.environ, listener, log_of(settings.access_log), announce)
