"""`ssg verify`: what it compares, and what it says where there is nothing to compare."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cli.conftest import Ran


def test_before_a_build_there_is_nothing_to_verify(ssg: Callable[..., Ran]) -> None:
    ran = ssg("verify")
    assert (ran.status, ran.out) == (1, "")
    assert "nothing to verify: the last build emitted no function" in ran.err
    assert "Run ssg build first, for a target that emits a function;" in ran.err


def test_a_build_without_a_function_cannot_be_verified(ssg: Callable[..., Ran]) -> None:
    ssg("build", "-q")
    assert "nothing to verify" in ssg("verify").err


def test_a_sample_is_at_least_one_page(ssg: Callable[..., Ran]) -> None:
    assert ssg("verify", "--sample", "0").status == 2


@pytest.mark.node
@pytest.mark.parametrize("kind", ["builder", "function"])
def test_the_pages_of_a_function_are_compared(ssg: Callable[..., Ran], kind: str) -> None:
    config = f'[target]\nname = "netlify"\nkind = "{kind}"\n[[deferred.rules]]\nmatch = "blog/**"\n'
    page = "---\ntitle: A\nttl: 90\nstale: 5\ncache_tags: [boats]\n---\ntext"
    files = {
        "ssg.toml": f'theme = ""\n{config}',
        "content/blog/a.md": page,
        "content/blog/b.md": "",
    }
    assert ssg("build", "-q", files=files).status == 0
    ran = ssg("verify")
    assert (ran.status, ran.out) == (0, "2 pages compared, 0 differ\n")
