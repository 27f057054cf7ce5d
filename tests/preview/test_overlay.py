"""The headers that the preview adds to answers of the edge."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.preview.running import previewing

ASKED = [
    ("/", "GET", "file", "critical"),
    ("/data.bin", "GET", "file", None),
    ("/about", "GET", "redirect", None),
    ("/a/", "POST", "refused", None),
    ("/a/", "GET", "miss", "deferred"),
    ("/a/", "HEAD", "hit", "deferred"),
    ("/%ff", "GET", "nothing", None),
]


def test_every_answer_names_its_source_its_build_and_its_kind_of_page(tmp_path: Path) -> None:
    with previewing(tmp_path) as preview:
        (preview.publish_dir / "about").mkdir()
        (preview.publish_dir / "index.html").write_text("<body>home</body>")
        (preview.publish_dir / "about" / "index.html").write_text("<body>about</body>")
        (preview.publish_dir / "data.bin").write_bytes(b"data")
        for path, method, source, kind in ASKED:
            headers = preview.get(path, method=method).headers
            assert headers["x-ssg-build"] == "build-1"
            assert (headers["x-ssg-source"], headers.get("x-ssg-page")) == (source, kind)


@pytest.mark.parametrize("path", ["/", "/a/"])
def test_the_edge_alone_adds_none(tmp_path: Path, path: str) -> None:
    with previewing(tmp_path, exact=True) as preview:
        (preview.publish_dir / "index.html").write_text("<body>home</body>")
        headers = preview.get(path).headers
    assert not [name for name in headers if name.startswith("x-ssg")]
