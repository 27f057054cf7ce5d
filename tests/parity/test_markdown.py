"""What Markdown becomes is the same in every Python."""

from __future__ import annotations

import shutil

import pytest

from ssg.targets.netlify.host import NodeHost
from tests.parity.conftest import REPOSITORY, Twice, build_twice
from tests.parity.test_parity import differing

pytestmark = [pytest.mark.node, pytest.mark.xdist_group("parity")]


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Twice:
    work = tmp_path_factory.mktemp("markdown")
    shutil.copytree(REPOSITORY / "tests" / "sites" / "markdown", work / "site")
    return build_twice(work / "site", work)


def test_the_emitted_function_gives_the_bytes_of_the_full_build(twice: Twice) -> None:
    assert set(twice.deferred_paths()) == {"/there/b/", "/there/c/"}
    with NodeHost(twice.function_dir) as host:
        assert differing(twice, host.answer) == []
