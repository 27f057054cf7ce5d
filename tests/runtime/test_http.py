"""The smallest request and response."""

from __future__ import annotations

import dataclasses

import pytest

from ssg.runtime.caching import NEVER_STORED
from ssg.runtime.http import Request, Response


def test_a_page_knows_no_more_than_method_and_path() -> None:
    """And two facts, which are for loaders of data alone."""
    names = [field.name for field in dataclasses.fields(Request)]
    assert names == ["method", "path", "is_refresh", "is_draft"]


def test_a_response_is_a_value() -> None:
    response = Response(200, b"")
    assert response == Response(200, b"", {}, NEVER_STORED, None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        response.status = 500  # type: ignore[misc]
