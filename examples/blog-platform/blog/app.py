"""The API as an ASGI application: `uvicorn blog.app:app`, with the settings of the environment."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from blog.api import health
from blog.clock import Clock
from blog.database import Database
from blog.dispatch import Dispatcher
from blog.endpoint import Call, Endpoint
from blog.migrate import migrate
from blog.platform import Platform
from blog.purge.purger import Purger, Send
from blog.refusal import RefusalError
from blog.settings import Settings, read_settings

PREFIXES = ("/api/", "/account/", "/media/")
"""The paths that the API answers. All others belong to the site."""


def endpoints() -> Sequence[Endpoint]:
    """All endpoints of the platform."""
    return (*health.ENDPOINTS,)


def application(
    settings: Settings, *, clock: Clock = time.time, send: Send | None = None
) -> Starlette:
    """The application. Tests have a clock of their own, and look at what is purged."""
    platform = Platform(settings, Database(settings.database_url), clock)
    purger = Purger(platform, send)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await asyncio.to_thread(migrate, platform.database)
        tasks = [asyncio.create_task(purger.run())]
        yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        platform.database.close()

    dispatcher = Dispatcher(platform, purger, _show)
    app = Starlette(
        routes=[dispatcher.route(one) for one in endpoints()],
        lifespan=lifespan,
        exception_handlers={404: _missing},
    )
    app.state.platform = platform
    return app


def _show(_: Call, error: RefusalError) -> Response:
    return JSONResponse({"error": error.message}, error.status)


def _missing(_: Request, __: Exception) -> Response:
    return JSONResponse({"error": "There is nothing at this address."}, 404)


def __getattr__(name: str) -> Starlette:
    """`app` is made when a server asks for it: tests import this module without settings."""
    if name == "app":
        return application(read_settings(os.environ))
    raise AttributeError(name)
