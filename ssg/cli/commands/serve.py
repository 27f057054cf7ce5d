"""`ssg serve`."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ssg.cli import options


class Runtime(StrEnum):
    """What renders deferred pages in the preview."""

    PYTHON = "python"
    NODE = "node"


class LogFormat(StrEnum):
    """How the log is written."""

    TEXT = "text"
    JSON = "json"


Host = Annotated[str, typer.Option("--host", help="The address to listen on.")]
Port = Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="0 takes any free one.")]
Open = Annotated[bool, typer.Option("--open", "-O", help="Open the browser.")]
Poll = Annotated[bool, typer.Option("--poll", help="Look for changes by polling.")]
RuntimeName = Annotated[
    Runtime, typer.Option("--runtime", help="Render deferred pages here, or in the function.")
]
PreviewDrafts = Annotated[
    bool, typer.Option("--drafts/--no-drafts", "-D", help="Show drafts, marked as such.")
]
LogName = Annotated[
    LogFormat, typer.Option("--log", help="A line for each request: for people, or JSON lines.")
]

JWT_SECRET = "SSG_JWT_SECRET"  # noqa: S105 the name of the variable that holds it


def serve(
    root: options.Root = Path(),
    config: options.Config = None,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    open_browser: Open = False,
    poll: Poll = False,
    runtime: RuntimeName = Runtime.PYTHON,
    base_url: options.BaseUrl = None,
    drafts: PreviewDrafts = True,
    future: options.Future = False,
    expired: options.Expired = False,
    log: LogName = LogFormat.TEXT,
    quiet: options.Quiet = False,
    debug: options.Debug = False,  # noqa: ARG001 read by main()
) -> None:
    """Build, and preview the site behind a copy of the CDN: files, redirect rules, cache."""
    from ssg.cli.log import printer
    from ssg.cli.preview import Preview, announce
    from ssg.model.errors import Problem, SsgError
    from ssg.preview.server import listening_socket, run, url_of

    with listening_socket(host, port) as listener:
        url = url_of(listener, host)
        with Preview(root, config, base_url or url, (drafts, future, expired), runtime) as preview:
            problems: tuple[Problem, ...] = ()
            try:
                deployment = preview.build()
            except SsgError as error:
                deployment, problems = None, error.problems
            run(
                listener,
                deployment,
                problems=problems,
                cache_dir=preview.cache_dir,
                watch_paths=preview.watch_paths,
                ignore=preview.ignored_paths,
                rebuild=preview.build,
                on_log=printer(as_json=log is LogFormat.JSON, quiet=quiet),
                on_ready=lambda: announce(url, open_browser=open_browser),
                poll=poll,
                jwt_secret=os.environ.get(JWT_SECRET, ""),
            )
