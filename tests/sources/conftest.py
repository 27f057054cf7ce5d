"""An API with a few posts, and the source that asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest

from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.model.live.data_source import DataSource
from ssg.sources.environment import Environment
from ssg.sources.source_shell import SourceShell
from tests.json_api import JsonApi, json_api


@pytest.fixture
def api() -> Iterator[JsonApi]:
    with json_api(posts=4, users=2) as running:
        yield running


ShellMaker = Callable[..., SourceShell]


@pytest.fixture
def shell_of(api: JsonApi) -> Iterator[ShellMaker]:
    """Makes a shell with one source, `posts`, whose URL is that of the API."""
    with ExitStack() as stack:

        def make(
            variables: Mapping[str, str] | None = None,
            visible: tuple[str, ...] = (),
            observer: Any = None,
            **source: Any,
        ) -> SourceShell:
            posts = DataSource(**{"name": "posts", "url": f"{api.url}/v1", **source})
            environment = Environment.for_site(variables or {}, visible, [posts])
            shell = SourceShell({"posts": posts}, environment, {}, observer)
            stack.callback(shell.close)
            return shell

        yield make


def ask(shell: SourceShell, path: str, *, is_draft: bool = False) -> DataAnswer:
    """The answer to one request."""
    request = DataRequest("posts", path, is_draft=is_draft)
    return shell.bring([request])[request]
