"""An incremental build is a clean build: random sites, random edits, the same bytes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ssg.render.dependencies import recorder
from tests.build.incremental.outcome import outcome
from tests.build.incremental.random_site import EDITS, World, begin, sync
from tests.examples import examples


@settings(max_examples=examples(6), deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9), edits=st.lists(st.sampled_from(EDITS), min_size=3, max_size=9))
def test_an_incremental_build_is_a_clean_build(
    seed: int, edits: list[Callable[[World], None]]
) -> None:
    long = 2 if seed % 2 else recorder.LONG_ANSWER_ROWS
    with tempfile.TemporaryDirectory() as folder, patch.object(recorder, "LONG_ANSWER_ROWS", long):
        root = Path(folder, "incremental")
        world = begin(seed)
        for number, edit in enumerate([World.nothing, *edits]):
            before = dict(world.files)
            edit(world)
            sync(root, world.files, keeps_times=world.keeps_times)
            if (root / "public").is_dir():
                world.tamper(root / "public")
            found, _ = outcome(root, world, no_cache=False)
            clean = Path(folder, f"clean-{number}")
            sync(clean, world.files)
            wanted, _ = outcome(clean, world, no_cache=True)
            shutil.rmtree(clean)
            assert found.is_as(wanted), edit.__name__
            if found.problems:  # the edit was a slip, and is taken back
                world.files = {**dict.fromkeys(world.files), **before}
            else:
                mine = {name: (root / "public" / name).read_text() for name in world.foreign}
                assert mine == world.foreign
