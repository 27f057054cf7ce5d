from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platform.client import RunningApi, running_api


@pytest.fixture
def api(tmp_path: Path) -> Iterator[RunningApi]:
    """The API of the blogging platform, with an empty database."""
    with running_api(tmp_path) as running:
        yield running
