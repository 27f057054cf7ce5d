"""`ssg start`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ssg.cli import options


def _option(*names: str, text: str, default: str, metavar: str | None = "N") -> Any:
    """An option that `ssg.server.settings` reads, as it reads the variables."""
    return typer.Option(*names, metavar=metavar, help=text, show_default=default)


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
    _option("--host", text="The address to listen on.", default="127.0.0.1", metavar=None),
]
PortOption = Annotated[
    str | None, _option("--port", "-p", text="The port; 0 chooses a free one.", default="8000")
]
WorkersOption = Annotated[
    str | None, _option("--workers", text="The number of processes.", default="1")
]
CacheOption = Annotated[
    str | None,
    _option(
        "--cache",
        text="Where cached pages are: at the place for caches of this user, in a folder, or Redis.",
        default="disk",
        metavar="disk|PATH|redis://...",
    ),
]
FrontOption = Annotated[
    str | None,
    _option(
        "--front",
        text="The cache in front of the server: varnish, nginx, fastly, cloudflare or cloudfront.",
        default="none",
        metavar="NAME",
    ),
]
ForwardedOption = Annotated[
    str | None,
    _option(
        "--forwarded-allow-ips",
        text="Proxies whose X-Forwarded-For and X-Forwarded-Proto count.",
        default="none",
        metavar="IPS",
    ),
]
AccessLogOption = Annotated[
    str | None,
    _option(
        "--access-log",
        text="Print a line for each request.",
        default="none",
        metavar="none|text|json",
    ),
]
GraceOption = Annotated[
    str | None,
    _option(
        "--grace-seconds",
        text="How long responses that are under way may take at the end.",
        default="10",
    ),
]
RenderSecondsOption = Annotated[
    str | None,
    _option("--render-seconds", text="How long a visitor waits for a render.", default="30"),
]
RendersOption = Annotated[
    str | None, _option("--renders", text="Renders at once, in each process.", default="4")
]
QueueOption = Annotated[
    str | None, _option("--queue", text="Renders that may wait, in each process.", default="100")
]
ImageCacheOption = Annotated[
    str | None,
    _option(
        "--image-cache",
        text="Where variants of pictures are kept: beside the cached pages, or in a folder.",
        default="disk",
        metavar="disk|PATH",
    ),
]
EncodersOption = Annotated[
    str | None,
    _option("--encoders", text="Variants of pictures at once, in each process.", default="2"),
]
ImageQueueOption = Annotated[
    str | None,
    _option(
        "--image-queue",
        text="Variants of pictures that may wait, in each process.",
        default="100",
    ),
]
MetricsOption = Annotated[
    str | None,
    _option("--metrics-port", text="Serve metrics for Prometheus on this port.", default="none"),
]
EnvFileOption = Annotated[
    str | None,
    _option(
        "--env-file",
        text="Read further variables of the environment from this file.",
        default="none",
        metavar="FILE",
    ),
]
DraftSecretFileOption = Annotated[
    str | None,
    _option(
        "--draft-secret-file",
        text="The file with the secret for drafts of live pages.",
        default="SSG_DRAFT_SECRET",
        metavar="FILE",
    ),
]
ConnectionsOption = Annotated[
    str | None,
    _option("--connections", text="Connections at once, in each process.", default="1000"),
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
    image_cache: ImageCacheOption = None,
    encoders: EncodersOption = None,
    image_queue: ImageQueueOption = None,
    connections: ConnectionsOption = None,
    metrics_port: MetricsOption = None,
    env_file: EnvFileOption = None,
    draft_secret_file: DraftSecretFileOption = None,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """Serve a build for the target server. Each option has a variable: SSG_PORT, for example."""
    import os
    import sys

    from ssg.edge.http.listener import listening_socket, url_of
    from ssg.server.access_log import log_of
    from ssg.server.process import run
    from ssg.server.settings import full_environment, read_settings

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
        "image_cache": image_cache,
        "encoders": encoders,
        "image_queue": image_queue,
        "connections": connections,
        "metrics_port": metrics_port,
        "env_file": env_file,
        "draft_secret_file": draft_secret_file,
    }
    environment = full_environment(os.environ, env_file)
    settings = read_settings(environment, given)
    with listening_socket(settings.host, settings.port) as listener:
        url = url_of(listener, settings.host)

        def announce() -> None:
            sys.stderr.write(f"serving {settings.folder} on {url}\n")

        run(settings, environment, listener, log_of(settings.access_log), announce)
