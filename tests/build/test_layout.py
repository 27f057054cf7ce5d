"""Where a build puts things."""

from __future__ import annotations

from pathlib import Path

from ssg.build.layout import Layout
from ssg.config.load import load
from tests.conftest import write


def test_a_preview_touches_nothing_that_is_deployed(tmp_path: Path) -> None:
    write(tmp_path, {"ssg.toml": ""})
    build, preview = Layout.of(load(tmp_path)), Layout.for_preview(tmp_path)
    places = {
        build.output,
        build.database,
        build.manifest,
        build.written_files,
        build.work,
        build.hosts_dir,
    }
    assert not places & {
        preview.output, preview.database, preview.manifest, preview.written_files, preview.work,
        preview.hosts_dir,
    }  # fmt: skip


def test_work_is_beside_the_output_so_that_it_can_be_renamed(tmp_path: Path) -> None:
    write(tmp_path, {"ssg.toml": 'output_dir = "dist/site"'})
    layout = Layout.of(load(tmp_path))
    assert layout.work == tmp_path / "dist" / ".site.ssg"
