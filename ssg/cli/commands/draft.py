"""`ssg draft`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ssg.cli import options

PathArgument = Annotated[str, typer.Argument(metavar="PATH", help="The URL path of a live page.")]
MinutesOption = Annotated[
    int, typer.Option("--minutes", min=1, max=10_080, help="How long the link can be followed.")
]


def draft(
    path: PathArgument,
    minutes: MinutesOption = 60,
    secret_file: options.DraftSecretFileOption = None,
    env_file: options.EnvFileOption = None,
    base_url: options.BaseUrlOption = None,
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """Print a signed link to the draft of a live page, with unpublished data."""
    import time
    from urllib.parse import urlencode

    from ssg.cli.console import out
    from ssg.edge.drafts.draft_secret import SECRET_HINT, draft_secret
    from ssg.edge.drafts.draft_token import DRAFT_PATH, is_page_path, link_token
    from ssg.model.errors import ConfigError, Problem
    from ssg.model.urls import decode_path, quote_path

    decoded = decode_path(path)
    wanted = quote_path(decoded) if decoded else ""
    if not is_page_path(wanted):
        raise typer.BadParameter(f"{path} is not the path of a page, such as /ana/hello/")
    secret = draft_secret(options.variables(env_file or ()), secret_file)
    if secret is None:
        raise ConfigError(Problem("there is no secret to sign with", None, SECRET_HINT))
    address = options.read_project(root, config, base_url=base_url).settings.site.base_url
    token = link_token(secret, wanted, int(time.time()) + minutes * 60)
    query = urlencode({"path": wanted, "token": token})
    out.print(f"{address.rstrip('/')}{DRAFT_PATH}?{query}", markup=False, soft_wrap=True)
