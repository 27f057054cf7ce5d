"""Any web server: every page is rendered at build time. Parity tests compare with this target."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urljoin

from markupsafe import escape

from ssg.model.capabilities import Capabilities
from ssg.model.errors import Problem
from ssg.model.images.settings import ImageSettings
from ssg.model.live.route import Route
from ssg.model.page import Alias
from ssg.model.settings import TargetSettings
from ssg.model.urls import output_file
from ssg.targets.purge.purger import Purger
from ssg.targets.target import EmitContext, EmitResult, HostRules


class StaticTarget:
    """Needs a host for files only. An alias is a page that redirects."""

    name = "static"
    defers = False
    capabilities = Capabilities("a server of files")
    kinds: Mapping[str, Capabilities] = {}
    asks_for = frozenset[str]()
    new_site_files: tuple[Path, ...] = ()

    def __init__(self, settings: TargetSettings, *, package: bool = True) -> None:
        """Make the target of every site: it has no settings and packages nothing."""

    def check(self) -> list[Problem]:
        return []

    def routes(
        self,
        root: Path,  # noqa: ARG002 the protocol's
        aliases: Sequence[Alias],  # noqa: ARG002 the protocol's
        deferred_paths: Sequence[str],  # noqa: ARG002 the protocol's
        error_paths: Sequence[str] = (),  # noqa: ARG002 the protocol's
        live_routes: Sequence[Route] = (),  # noqa: ARG002 the protocol's
        images: ImageSettings | None = None,  # noqa: ARG002 the protocol's
    ) -> HostRules:
        return HostRules()

    def emit(self, context: EmitContext) -> EmitResult:
        write_alias_pages(context)
        return EmitResult()

    def local_function(
        self,
        hosts_dir: Path,  # noqa: ARG002 the protocol's
        publish_dir: Path,  # noqa: ARG002 the protocol's
        variables: Mapping[str, str] = {},  # noqa: ARG002 the protocol's
    ) -> None:
        return None

    def purger(
        self,
        environment: Mapping[str, str],  # noqa: ARG002 the protocol's
        log: Callable[[str], None],  # noqa: ARG002 the protocol's
    ) -> Purger | None:
        return None


def write_alias_pages(context: EmitContext) -> None:
    """Write a page for every old address, which redirects readers and machines to the new one."""
    base_url = context.site.settings.base_url
    for alias in context.aliases:
        file = context.publish_dir / output_file(alias.path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_alias_page(urljoin(base_url, alias.url)), "utf-8")


def _alias_page(url: str) -> str:
    link = escape(url)
    return (
        '<!doctype html>\n<html><head><meta charset="utf-8"><title>Moved</title>\n'
        f'<link rel="canonical" href="{link}"><meta name="robots" content="noindex">\n'
        f'<meta http-equiv="refresh" content="0; url={link}"></head>\n'
        f'<body><p>This page has moved: <a href="{link}">{link}</a></p></body></html>\n'
    )
