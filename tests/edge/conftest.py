"""A preview that serves the published bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.preview.running import Preview, previewing


@pytest.fixture
def exact(tmp_path: Path) -> Iterator[Preview]:
    """A preview that serves the published bytes."""
    with previewing(tmp_path, exact=True) as preview:
        write_site(preview.publish_dir)
        yield preview


def write_site(public: Path) -> None:
    (public / "about").mkdir(exist_ok=True)
    (public / "index.html").write_text("<body>home</body>")
    (public / "about" / "index.html").write_text("<body>about</body>")
    (public / "data.bin").write_bytes(bytes(range(256)) * 40)
