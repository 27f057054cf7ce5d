"""Scans live pages, of which the answers of sources were recorded."""

from __future__ import annotations

import contextlib
from http import HTTPStatus
from pathlib import Path

from ssg.build.inspect.dry_run import CompiledSite
from ssg.build.inspect.recorded_pages import recorded_paths
from ssg.check.html_scan import scan_html
from ssg.check.page_scan import PageScan, PageScanner
from ssg.model.queries.site import Site
from ssg.model.urls import quote_path
from ssg.render.views.env import EnvDefaults
from ssg.runtime.http import Request
from ssg.runtime.rounds import answered
from ssg.runtime.tagged_renderer import TaggedRenderer
from ssg.sources.recorded import ReplayShell

HTML_SUFFIXES = ("/", ".html", ".htm")


def scan_recorded(compiled: CompiledSite, scanner: PageScanner, folder: Path) -> PageScan:
    """Render and scan the live pages of which all answers are in a folder."""
    scan, shell = PageScan(), ReplayShell(folder)
    with contextlib.closing(Site.open(compiled.database)) as site:
        renderer = TaggedRenderer(site, EnvDefaults(compiled.options.env))
        for path in recorded_paths(site.settings.routes, folder):
            response = answered(renderer, Request("GET", quote_path(path)), shell.bring)
            if response.status == HTTPStatus.OK and path.endswith(HTML_SUFFIXES):
                scanner.add(path, scan_html(response.body.decode()), scan)
    return scan
