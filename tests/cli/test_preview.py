"""The builds of a preview."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, TimeoutError
from pathlib import Path

import pytest

from benchmarks.kept_cache import rebuilder_of
from ssg.build.layout import Layout
from ssg.build.publish.workspace import locked
from ssg.cli import preview
from ssg.model.errors import BuildLockError
from tests.conftest import BARE, write


def _state(root: Path) -> Path:
    write(root, {**BARE, "content/a.md": "A"})
    state = Layout.for_preview(root).state
    state.mkdir(parents=True)
    return state


def test_a_preview_waits_for_the_build_of_another(tmp_path: Path) -> None:
    state = _state(tmp_path)
    with ThreadPoolExecutor() as pool, rebuilder_of(tmp_path) as rebuilder:
        with locked(state):
            built = pool.submit(rebuilder.build)
            with pytest.raises(TimeoutError):
                built.result(0.3)
        assert built.result(30).build_id


def test_a_preview_does_not_wait_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "LOCK_SECONDS", 0.0)
    with (
        rebuilder_of(tmp_path) as rebuilder,
        locked(_state(tmp_path)),
        pytest.raises(BuildLockError),
    ):
        rebuilder.build()
