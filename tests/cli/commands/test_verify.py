"""`ssg verify`, without Node: what it says where there is nothing to compare."""

from __future__ import annotations

from collections.abc import Callable

from tests.cli.conftest import Ran


def test_before_a_build_there_is_nothing_to_verify(ssg: Callable[..., Ran]) -> None:
    ran = ssg("verify")
    assert (ran.status, ran.out) == (1, "")
    assert "nothing to verify: the last build emitted no function" in ran.err
    assert "Run ssg build first, for a target that defers" in ran.err


def test_a_build_without_a_function_cannot_be_verified(ssg: Callable[..., Ran]) -> None:
    ssg("build", "-q")
    assert "nothing to verify" in ssg("verify").err


def test_a_sample_is_at_least_one_page(ssg: Callable[..., Ran]) -> None:
    assert ssg("verify", "--sample", "0").status == 2
