"""What the scan reads of picture files."""

from __future__ import annotations

from pathlib import Path

from ssg.build.images.picture_reader import picture_reader
from ssg.model.images.picture import PictureFacts
from ssg.model.images.settings import ImageSettings
from tests.images.pictures import encoded, exif, photo, quarters, written


def facts(path: Path, wants_colors: bool) -> PictureFacts:
    return PictureFacts(*picture_reader(ImageSettings())(wants_colors, str(path)))


def test_colors_are_read_if_the_site_shows_them(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jpg", encoded(quarters(), "JPEG", exif=exif(6)))
    without, found = facts(path, False), facts(path, True)
    assert (without.width, without.height, without.color, without.placeholder) == (80, 120, "", "")
    assert found.color.startswith("#") and found.placeholder.startswith("data:image/webp")
    assert found._replace(color="", placeholder="") == without


def test_a_drawing_has_a_size_and_no_colors(tmp_path: Path) -> None:
    path = written(
        tmp_path, "a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 2"/>'
    )
    found = facts(path, True)
    assert (found.format, found.width, found.height, found.color) == ("svg", 3, 2, "")
    assert not found.problem


def test_a_picture_that_cannot_be_decoded_has_a_problem(tmp_path: Path) -> None:
    path = written(tmp_path, "a.png", encoded(photo(), "PNG")[:9000])
    assert facts(path, False).problem == ""
    found = facts(path, True)
    assert "is truncated" in found.problem and found.format == "" and found.sha256
