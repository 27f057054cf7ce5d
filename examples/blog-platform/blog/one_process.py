"""The API and the site in one process, by path: for a small machine, and for `make platform`.

`uvicorn blog.one_process:app` serves the build that `SSG_DIR` names, with the settings of both.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Router
from starlette.types import ASGIApp, Receive, Scope, Send

from blog import app as api
from blog.settings import read_settings
from ssg.server.app import ServerApp
from ssg.server.process import application as site_application
from ssg.server.site import ServedSite


class OneProcess:
    """Answers what `blog.app.PREFIXES` lists with the API, and all else with the site.

    If `has_build` is false, the site answers 503 until `start_site`: a build asks the API first.
    """

    def __init__(self, api: Starlette, site: ServerApp, *, has_build: bool = True) -> None:
        self._api = api
        self._site = site
        self._has_build = has_build
        self._served: ServedSite | None = None
        self._router = Router(lifespan=self._lifespan)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or start and stop with the server (ASGI)."""
        await self._app_for(scope)(scope, receive, send)

    def start_site(self) -> None:
        """Serve the build, and follow its folder from now on; blocks. Raises SsgError."""
        if self._served is None:
            self._served = self._site.start()

    def stop_site(self) -> None:
        """Say that no further requests should come."""
        if self._served is not None:
            self._served.stop()

    def _app_for(self, scope: Scope) -> ASGIApp:
        if scope["type"] == "lifespan":
            return self._router
        return self._api if scope["path"].startswith(api.PREFIXES) else self._site

    @asynccontextmanager
    async def _lifespan(self, _: object) -> AsyncIterator[None]:
        async with self._api.router.lifespan_context(self._api):
            if self._has_build:
                await asyncio.to_thread(self.start_site)
            yield
            await asyncio.to_thread(self.stop_site)


def one_process(environment: Mapping[str, str]) -> OneProcess:
    """The application, with the settings of an environment."""
    platform = api.application(read_settings(environment))
    return OneProcess(platform, site_application(environment))


def __getattr__(name: str) -> OneProcess:
    """`app` is made when a server asks for it."""
    if name == "app":
        return one_process(os.environ)
    raise AttributeError(name)
