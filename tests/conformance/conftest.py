"""One build of the site for each host."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conformance import hosts
from tests.conformance.hosts import Host
from tests.conformance.site import WholeSite, build_whole

Run = Callable[[Path, Path], AbstractContextManager[Host]]

NODE = (pytest.mark.node,)
HOSTS: dict[str, tuple[Run, tuple[pytest.MarkDecorator, ...]]] = {
    "edge": (hosts.edge, ()),
    "start": (hosts.start, ()),
    "start-for-front": (hosts.start_for_front, ()),
    "uvicorn": (hosts.uvicorn, ()),
    "granian": (hosts.granian, ()),
    "hypercorn": (hosts.hypercorn, ()),
    "varnish": (hosts.varnish, (pytest.mark.varnish,)),
    "nginx": (hosts.nginx, (pytest.mark.nginx,)),
    "builder": (hosts.builder, NODE),
    "function": (hosts.function, NODE),
    "vercel-prerender": (hosts.vercel_prerender, NODE),
    "vercel-function": (hosts.vercel_function, NODE),
    "lambda": (hosts.aws_lambda, (getattr(pytest.mark, "lambda"),)),
}


@dataclass(frozen=True, slots=True)
class Conformance:
    """A host, and the site rendered whole."""

    name: str
    host: Host
    whole: WholeSite


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, WholeSite]:
    """The folder of the site, and the site rendered whole."""
    work = tmp_path_factory.mktemp("conformance")
    root = work / "site"
    return root, build_whole(root, work / "whole")


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(name, marks=[*marks, pytest.mark.xdist_group(f"conformance-{name}")])
        for name, (_, marks) in HOSTS.items()
    ],
)
def asked(request: pytest.FixtureRequest, sources: tuple[Path, WholeSite]) -> Iterator[Conformance]:
    """A host that runs, started once for all tests of it."""
    root, whole = sources
    run, _ = HOSTS[request.param]
    with run(root, root.parent / request.param) as host:
        yield Conformance(request.param, host, whole)
