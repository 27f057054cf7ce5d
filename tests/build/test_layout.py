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
        build.hosts_dir,
    }
    assert not places & {
        preview.output, preview.database, preview.manifest, preview.written_files,
        preview.hosts_dir,
    }  # fmt: skip
