"""A site with live pages behind a real edge. Its data comes from an API in this process."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ssg.edge.page_function import function_in_process
from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.redirects.rule import RedirectRule
from ssg.runtime.live.route_table import RouteTable
from ssg.targets.bundles.native.bundle import DATABASE
from ssg.targets.server.capabilities import SERVER
from tests.conftest import Files
from tests.preview.running import Preview, previewing
from tests.server_site import SERVER_SITE, build_for_server

ROUTES = """
[runtime]
env = ["SITE_NAME"]

[sources.api]
url = "http://127.0.0.1:9/"
timeout = 1

[sources.slow]
url = "http://127.0.0.1:9/"
timeout = 1

[[routes]]
path = "/{user}/{slug}/"
template = "post.html"
except = { user = ["blog", "slow", "named"] }
data.post = { source = "api", path = "/posts/{user}/{slug}" }
page = { title = "post.title" }
ttl = 60
stale = 60
tags = ["post:{user}/{slug}", "author:{post.author}"]

[[routes]]
path = "/slow/{slug}/"
template = "post.html"
data.post = { source = "slow", path = "/{slug}" }
page = { title = "post.title" }

[[routes]]
path = "/named/{slug}/"
template = "named.html"
data.post = { source = "api", path = "/posts/{slug}" }
page = { title = "post.title" }
"""
LIVE_SITE: Files = {
    **SERVER_SITE,
    "ssg.toml": str(SERVER_SITE["ssg.toml"]) + ROUTES,
    "templates/post.html": "<body>{{ page.title }} by {{ post.author }}</body>",
    "templates/named.html": "<body>{{ page.title }} on {{ env.SITE_NAME }}</body>",
    "templates/404.html": "<body>nothing here</body>",
}
ADDRESS = "/_ssg/functions/ssg-pages"
POST = "/posts/ana/hello"


@dataclass
class Api:
    """What sources answer: by the path of the request, and else 404."""

    answers: dict[str, Any] = field(default_factory=dict)
    drafts: dict[str, Any] = field(default_factory=dict)
    """Answers to requests for drafts, where they differ."""
    asked: list[DataRequest] = field(default_factory=list)
    on_request: Callable[[DataRequest], object] = lambda _: None

    def bring(self, requests: Iterable[DataRequest]) -> Mapping[DataRequest, DataAnswer]:
        return {request: self._answer(request) for request in requests}

    def put(self, path: str, title: str, author: str = "ana") -> None:
        """Publish a post."""
        self.answers[path] = {"title": title, "author": author}

    def _answer(self, request: DataRequest) -> DataAnswer:
        self.asked.append(request)
        known = {**self.answers, **self.drafts} if request.is_draft else self.answers
        found = known.get(request.path, DataAnswer(404))
        self.on_request(request)
        if isinstance(found, DataAnswer):
            return found
        return DataAnswer(200, json.dumps(found).encode())


@dataclass
class Clock:
    """The clock of an edge, which can be set forward."""

    ahead: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass
class LiveSite:
    """A running site."""

    preview: Preview
    api: Api
    clock: Clock

    def get(self, path: str, **more: Any) -> Any:
        return self.preview.get(path, **more)

    def purge(self, *tags: str) -> int:
        served = self.preview.edge.served
        assert served is not None
        return served.pages.purge_tags(tags)


@contextmanager
def live_site(
    folder: Path,
    env: Mapping[str, str] | None = None,
    *,
    has_drafts: bool = False,
    blog_is_free: bool = False,
    **options: Any,
) -> Iterator[LiveSite]:
    """Build the site, and serve it by the edge alone. `options`: of `Edge`.

    With `blog_is_free`, the first route also matches pages of the blog.
    """
    config = str(LIVE_SITE["ssg.toml"]).replace('"blog", ', "" if blog_is_free else '"blog", ')
    built = build_for_server(folder / "site", {**LIVE_SITE, "ssg.toml": config})
    api, clock = Api(), Clock()
    answer = function_in_process(
        built.root / "dist" / DATABASE, ADDRESS, bring=api.bring, env=env or {}
    )
    (folder / "serve").mkdir()
    with previewing(
        folder / "serve", deploy=False, exact=True, capabilities=SERVER, now=clock, **options
    ) as preview:
        preview.edge.deploy(
            preview.deployment(
                "build-1",
                publish_dir=built.root / "dist/public",
                rules=(RedirectRule("/*", ADDRESS, 200),),
                function=ADDRESS,
                has_paths=True,
                answer=answer,
                routes=RouteTable.of(built.site.settings.routes),
                has_drafts=has_drafts,
            )
        )
        yield LiveSite(preview, api, clock)


class Gate:
    """Holds requests until it is opened."""

    def __init__(self) -> None:
        self.reached = threading.Semaphore(0)
        self.opened = threading.Event()

    def __call__(self, _: object = None) -> None:
        self.reached.release()
        assert self.opened.wait(20)

    def only_of(self, source: str) -> Callable[[DataRequest], None]:
        """Holds only requests to one source."""
        return lambda request: self() if request.source == source else None
