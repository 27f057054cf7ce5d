"""When to look for garbage."""

from __future__ import annotations

import gc
import weakref

import pytest

from ssg.build.render.gc_tuning import ALLOCATIONS_PER_COLLECTION, rare_collections


class _Circle:
    """Refers to itself."""

    def __init__(self) -> None:
        self.own = self


def test_searches_are_as_before_when_a_build_is_over() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="a build failed"), rare_collections():
        assert gc.get_threshold()[0] == ALLOCATIONS_PER_COLLECTION
        raise ValueError("a build failed")
    assert gc.get_threshold() == before


def test_what_a_build_leaves_is_in_reach_of_later_searches() -> None:
    with rare_collections():
        circle = weakref.ref(_Circle())
        assert circle() is not None
    gc.collect()
    assert circle() is None


def test_a_build_that_leaves_many_circles_does_not_keep_them() -> None:
    with rare_collections():
        circle = weakref.ref(_Circle())
        for _ in range(2 * ALLOCATIONS_PER_COLLECTION):  # other threads of the tests free some
            _Circle()
        assert circle() is None
