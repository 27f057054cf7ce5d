"""An origin, and each front before it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fronts.client import Client
from tests.fronts.examples import nginx_conf, vcl
from tests.fronts.origin import Origin, running_origin
from tests.services import running_nginx, running_varnish


@pytest.fixture
def origin() -> Iterator[Origin]:
    with running_origin() as running:
        yield running


@pytest.fixture(
    params=[
        pytest.param("varnish", marks=pytest.mark.varnish),
        pytest.param("nginx", marks=pytest.mark.nginx),
    ]
)
def front(request: pytest.FixtureRequest, origin: Origin, tmp_path: Path) -> Iterator[Client]:
    """Varnish, then nginx, with the configuration of the example."""
    if request.param == "varnish":
        with running_varnish(tmp_path / "front", vcl(origin.port)) as service:
            yield Client(service.url)
    else:
        with running_nginx(tmp_path / "front", nginx_conf(origin.port)) as service:
            yield Client(service.url)
