from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platform.client import RunningApi, running_api


@pytest.fixture
def https_api(tmp_path: Path) -> Iterator[RunningApi]:
    """The API of a site with HTTPS."""
    with running_api(tmp_path, site_url="https://blog.example") as running:
        yield running
