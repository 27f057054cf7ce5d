from __future__ import annotations

import pytest

from tests.platform.client import RunningApi
from tests.platform.posts.writer import Writer, log_in


@pytest.fixture
def ana(api: RunningApi) -> Writer:
    return log_in(api, "ana", display_name="Ana Lima")


@pytest.fixture
def bo(api: RunningApi) -> Writer:
    return log_in(api, "bo2")
