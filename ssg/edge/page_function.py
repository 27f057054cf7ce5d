"""The function of deferred pages in this process, with the renderer that hosts run."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ssg.model.queries.site import Site
from ssg.redirects.header_rule import HeaderRule
from ssg.redirects.rule import page_path
from ssg.redirects.site_headers import with_site_headers
from ssg.runtime.http import Request, Response
from ssg.runtime.respond import respond
from ssg.runtime.tagged_renderer import TaggedRenderer


def function_in_process(
    database: Path, address: str, headers: Sequence[HeaderRule] = ()
) -> Callable[[Request], Response]:
    """Return a function in this process. It renders one page at a time, as Python would anyway.

    Its database is closed when nothing refers to the function any longer.
    `address` is where rules lead to it, and `headers` are those of the site that it sends.
    """
    site, lock = Site.open(database), threading.Lock()
    renderer = TaggedRenderer(site)

    def answer(request: Request) -> Response:
        page = replace(request, path=page_path(request.path, address))
        with lock:
            response = respond(renderer, page)
        return with_site_headers(response, page.path, headers)

    weakref.finalize(answer, site.close).atexit = False
    return answer
