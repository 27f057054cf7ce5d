"""An API with a few posts, and the source that asks it."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.model.live.data_source import DataSource
from ssg.sources.environment import SiteEnvironment
from ssg.sources.source_shell import SourceShell
from tests.json_api import JsonApi, json_api


@pytest.fixture
def api() -> Iterator[JsonApi]:
    with json_api(posts=4, users=2) as running:
        yield running


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate of `localhost` that nobody has signed but itself."""

    file: Path
    context: ssl.SSLContext


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out",
         "cert.pem", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost"],
        cwd=folder, check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return Certificate(folder / "cert.pem", context)


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
            environment = SiteEnvironment.for_site(variables or {}, visible, [posts])
            shell = SourceShell({"posts": posts}, environment, {}, observer)
            stack.callback(shell.close)
            return shell

        yield make


def ask(shell: SourceShell, path: str, *, is_draft: bool = False) -> DataAnswer:
    """The answer to one request."""
    request = DataRequest("posts", path, is_draft=is_draft)
    return shell.bring([request])[request]
