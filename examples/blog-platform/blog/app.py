"""The API as an ASGI application: `uvicorn blog.app:app`, with the settings of the environment."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from blog import housekeeping
from blog.accounts.passwords import Passwords
from blog.api import (
    account_api,
    health,
    moderation,
    openapi,
    pictures,
    post_api,
    session_api,
    source_api,
)
from blog.clock import Clock
from blog.database import Database
from blog.dispatch import Dispatcher
from blog.endpoint import Call, Endpoint
from blog.migrate import migrate
from blog.pages import login, own_pictures, own_posts, reports, signup, write
from blog.pages import settings as settings_page
from blog.pages.shell import refusal_page
from blog.platform import Platform
from blog.posts import schedule
from blog.purge.purger import Purger, Send
from blog.refusal import RefusalError, not_found
from blog.settings import Settings, read_settings
from blog.site_shell import FetchShell, SiteShell, fetcher

PREFIXES = ("/api/", "/account/", "/media/")
"""The paths that the API answers. All others belong to the site."""
PAGES = "/account/"
"""The paths of pages for people."""


def endpoints() -> Sequence[Endpoint]:
    """All endpoints of the platform."""
    table = (
        *health.ENDPOINTS,
        *session_api.ENDPOINTS,
        *account_api.ENDPOINTS,
        *login.ENDPOINTS,
        *signup.ENDPOINTS,
        *settings_page.ENDPOINTS,
        *pictures.ENDPOINTS,
        *source_api.ENDPOINTS,
        *post_api.ENDPOINTS,
        *moderation.ENDPOINTS,
        *write.ENDPOINTS,
        *own_posts.ENDPOINTS,
        *own_pictures.ENDPOINTS,
        *reports.ENDPOINTS,
    )
    return (*table, openapi.endpoint(table))


def application(
    settings: Settings,
    *,
    clock: Clock = time.time,
    send: Send | None = None,
    fetch_shell: FetchShell | None = None,
    passwords: Passwords | None = None,
) -> Starlette:
    """The application. Tests have a clock and a site of their own, and look at what is purged."""
    site_shell = SiteShell(fetch_shell or fetcher(settings.own_site_url))
    database = Database(settings.database_url)
    platform = Platform(settings, database, clock, site_shell, passwords or Passwords())
    purger = Purger(platform, send)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await asyncio.to_thread(migrate, platform.database)
        work = (purger.run(), housekeeping.run(platform), schedule.run(platform, purger))
        tasks = [asyncio.create_task(one) for one in work]
        yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        platform.database.close()

    dispatcher = Dispatcher(platform, purger, refusal_page)
    app = Starlette(
        routes=[dispatcher.route(one) for one in endpoints()],
        lifespan=lifespan,
        exception_handlers={404: _missing, 405: _missing},
    )
    app.router.redirect_slashes = False  # it would send people to the host of a header
    app.state.platform = platform
    return app


def _missing(request: Request, error: Exception) -> Response:
    """The answer where no endpoint is, or none with this method: a page below `/account/`."""
    refusal = not_found()
    if isinstance(error, HTTPException) and error.status_code == 405:
        refusal = RefusalError(405, "This cannot be done here.", headers=error.headers)
    if request.url.path.startswith(PAGES):
        response = refusal_page(Call(request.app.state.platform, request, None), refusal)
    else:
        response = JSONResponse({"error": refusal.message}, refusal.status, refusal.headers)
    response.headers["cache-control"] = "private, no-store"
    return response


def __getattr__(name: str) -> Starlette:
    """`app` is made when a server asks for it: tests import this module without settings."""
    if name == "app":
        return application(read_settings(os.environ))
    raise AttributeError(name)
