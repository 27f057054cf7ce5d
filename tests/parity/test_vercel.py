"""The function for Vercel gives the bytes of a full build, behind the routes that lead to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.corpus import write_site
from ssg.targets.vercel.function import function_folder, local_function
from tests.parity.conftest import REPOSITORY, Twice, build_twice
from tests.parity.test_parity import differing, files, written

pytestmark = [pytest.mark.node, pytest.mark.xdist_group("vercel")]

POSTS = 300
SOME = 4
"""One page of four: the runtime, which renders all of them for Netlify, is the same."""


@pytest.fixture(scope="module", params=["corpus", "documentation", "published"])
def vercel(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Twice:
    """A blog, this repository's own site, and a blog whose texts are files of the deploy."""
    work = tmp_path_factory.mktemp(f"vercel-{request.param}")
    root = REPOSITORY
    if request.param != "documentation":
        root = work / "site"
        write_site(root, POSTS)
    texts = "publish" if request.param == "published" else "auto"
    return build_twice(root, work, texts, "vercel", function_folder("ssg-pages"))


def test_the_emitted_function_gives_the_bytes_of_the_full_build(vercel: Twice) -> None:
    texts = vercel.deferred.output / "_ssg/texts"
    with local_function(vercel.function_dir, texts=texts) as host:
        assert vercel.deferred_paths()
        assert differing(vercel, host.answer, one_of=SOME) == []


def test_all_other_files_are_those_of_the_full_build(vercel: Twice) -> None:
    here, there = vercel.deferred.output, vercel.whole.output
    deferred = set(vercel.deferred_paths())
    pages = [name for name in files(there) if name.endswith("index.html")]
    kept = [f"/{name.removesuffix('index.html')}" for name in pages]
    critical = [path for path in kept if path not in deferred]
    assert [path for path in critical if shown(here, path) != shown(there, path)] == []


_VARIANT = re.compile(rb"""/_img/[^"\s,]+|/_vercel/image\?[^"\s,]+""")


def shown(folder: Path, path: str) -> bytes:
    """A written page, whoever makes the variants of its pictures."""
    return _VARIANT.sub(b"VARIANT", written(folder, path))
