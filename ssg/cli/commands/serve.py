"""`ssg serve`."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ssg.cli import options


class PreviewRuntime(StrEnum):
    """What renders deferred pages in the preview."""

    PYTHON = "python"
    NODE = "node"


class LogFormat(StrEnum):
    """The format of the log."""

    TEXT = "text"
    JSON = "json"


HostOption = Annotated[str, typer.Option("--host", help="The address to listen on.")]
PortOption = Annotated[
    int, typer.Option("--port", "-p", min=0, max=65535, help="The port; 0 chooses a free one.")
]
AllowHostOption = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host",
        metavar="NAME",
        help="A host name that the preview answers to, beside those of this machine; repeatable.",
    ),
]
OpenOption = Annotated[bool, typer.Option("--open", "-O", help="Open the browser.")]
PollOption = Annotated[bool, typer.Option("--poll", help="Find changes by polling.")]
RuntimeOption = Annotated[
    PreviewRuntime,
    typer.Option("--runtime", help="Render deferred pages in this process, or in the function."),
]
PreviewDraftsOption = Annotated[
    bool, typer.Option("--drafts/--no-drafts", "-D", help="Show drafts, marked as drafts.")
]
RecordOption = Annotated[
    Path | None,
    typer.Option(
        "--record", metavar="DIR", help="Write the answers of sources of data into this folder."
    ),
]
ReplayOption = Annotated[
    Path | None,
    typer.Option(
        "--replay", metavar="DIR", help="Answer from recordings in this folder, without a network."
    ),
]
LogOption = Annotated[
    LogFormat, typer.Option("--log", help="Log requests as text, or as lines of JSON.")
]

JWT_SECRET = "SSG_JWT_SECRET"  # noqa: S105 the name of the variable that holds it


def serve(
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    allow_host: AllowHostOption = None,
    open_browser: OpenOption = False,
    poll: PollOption = False,
    runtime: RuntimeOption = PreviewRuntime.PYTHON,
    base_url: options.BaseUrlOption = None,
    drafts: PreviewDraftsOption = True,
    future: options.FutureOption = False,
    expired: options.ExpiredOption = False,
    env_file: options.EnvFileOption = None,
    draft_secret_file: options.DraftSecretFileOption = None,
    record: RecordOption = None,
    replay: ReplayOption = None,
    log: LogOption = LogFormat.TEXT,
    quiet: options.QuietOption = False,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """Build the site, and serve it with a copy of the host's redirect rules and cache."""
    from ssg.cli.preview import SiteRebuilder, announce
    from ssg.cli.serve_log import printer
    from ssg.edge.drafts.draft_secret import draft_secret
    from ssg.edge.http.listener import listening_socket, url_of
    from ssg.model.errors import Problem, SsgError
    from ssg.preview.access_control import is_host_pattern, own_names
    from ssg.preview.debug_tools import DebugTools
    from ssg.preview.server import run
    from ssg.preview.sources.preview_sources import PreviewSources

    if wrong := next((name for name in allow_host or () if not is_host_pattern(name)), None):
        message = f'"{wrong}" is not a host name. Write it without scheme and port: www.example.org'
        raise typer.BadParameter(message, param_hint="--allow-host")
    env_files = env_file or ()
    if record and replay:
        raise typer.BadParameter("give --record or --replay, not both")
    if replay and not replay.is_dir():
        raise typer.BadParameter(f"{replay} is not a folder", param_hint="--replay")
    variables = options.variables(env_files)
    secret = draft_secret(variables, draft_secret_file)
    tools, on_log = DebugTools.new(), printer(as_json=log is LogFormat.JSON, quiet=quiet)
    sources = PreviewSources(variables, record, replay, tools.source_faults, tools.log(on_log))
    with listening_socket(host, port) as listener:
        url = url_of(listener, host)
        with SiteRebuilder(
            root,
            config,
            base_url or url,
            (drafts, future, expired),
            runtime,
            sources,
            env_file or (),
        ) as rebuilder:
            problems: tuple[Problem, ...] = ()
            try:
                deployment = rebuilder.build()
            except SsgError as error:
                deployment, problems = None, error.problems
            run(
                listener,
                deployment,
                problems=problems,
                cache_dir=rebuilder.cache_dir,
                watch_paths=rebuilder.watch_paths,
                ignore=rebuilder.ignored_paths,
                rebuild=rebuilder.build,
                on_log=on_log,
                on_ready=lambda: announce(url, open_browser=open_browser),
                poll=poll,
                allowed_hosts=own_names(host).union(allow_host or ()),
                tools=tools,
                draft_secret=secret,
                jwt_secret=os.environ.get(JWT_SECRET, ""),
            )
