from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.test_browser import CHROMIUM_FLAGS, chromium
from tests.platform.cluster import Stack

STACKS = [
    pytest.param("sqlite", marks=pytest.mark.xdist_group("platform")),
    pytest.param(
        "production",
        marks=[
            pytest.mark.xdist_group("platform-production"),
            pytest.mark.postgres,
            pytest.mark.redis,
            pytest.mark.varnish,
        ],
    ),
]


@pytest.fixture(params=STACKS)
def stack(request: pytest.FixtureRequest) -> Stack:
    """One platform after the other."""
    found: Stack = request.getfixturevalue(f"{request.param}_stack")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield opened
        opened.close()
