"""A function whose database is a lean copy gives the bytes of a full build, too.

It is for sites of hundreds of thousands of pages; here every site is large enough.
"""

from __future__ import annotations

import pytest

from benchmarks.corpus import write_site
from ssg.targets.bundles.pyodide import emit_function
from ssg.targets.netlify.function import local_function, texts_folder
from tests.parity.conftest import REPOSITORY, Twice, build_twice
from tests.parity.test_parity import differing

pytestmark = [pytest.mark.node, pytest.mark.xdist_group("parity")]

POSTS = 600
SOME = 3
"""One page of three, of each block of texts: those of a whole database are all compared."""


@pytest.fixture(scope="module", params=["corpus", "documentation"])
def lean(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Twice:
    work = tmp_path_factory.mktemp(f"lean-{request.param}")
    root = REPOSITORY
    if request.param == "corpus":
        root = work / "site"
        write_site(root, POSTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emit_function, "NEAR", 1.0)
        return build_twice(root, work, texts="publish")


def test_the_emitted_function_gives_the_bytes_of_the_full_build(lean: Twice) -> None:
    before = lean.deferred.database.stat().st_size
    assert (lean.function_dir / "site.db").stat().st_size < before
    with local_function(lean.function_dir, texts=texts_folder(lean.deferred.output)) as host:
        assert differing(lean, host.answer, one_of=SOME) == []


def test_what_a_lean_copy_leaves_out_is_in_the_deploy(lean: Twice) -> None:
    published = {file.name for file in texts_folder(lean.deferred.output).iterdir()}
    texts = {file.name for file in (lean.deferred.database.parent / "texts").iterdir()}
    assert texts < published
