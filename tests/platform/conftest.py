from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platform.client import RunningApi, running_api
from tests.platform.cluster import Stack, one_process, production


@pytest.fixture
def api(tmp_path: Path) -> Iterator[RunningApi]:
    """The API of the blogging platform, with an empty database."""
    with running_api(tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def sqlite_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The platform in one process."""
    with one_process(tmp_path_factory.mktemp("sqlite")) as running:
        yield running


@pytest.fixture(scope="session")
def production_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The platform with PostgreSQL, Redis, Varnish and two servers."""
    with production(tmp_path_factory.mktemp("production")) as running:
        yield running
