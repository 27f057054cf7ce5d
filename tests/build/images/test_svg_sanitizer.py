"""Drawings of a site that sanitises them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ssg.model.errors import SsgError
from tests.conftest import BARE, Built

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><rect width="3"/></svg>'
SAFE = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="3"></rect></svg>'
FILES = {
    "static/logo.svg": SVG,
    "static/DRAWN.SVG": SVG,
    "content/a/index.md": "---\ntitle: A\n---\n![Boat](boat.svg)\n",
    "content/a/boat.svg": SVG,
}


def _files(table: str) -> dict[str, str]:
    return {**BARE, "ssg.toml": BARE["ssg.toml"] + table, **FILES}


@pytest.mark.parametrize(
    ("table", "expected"),
    [('[images]\nsvg = "sanitise"\n', SAFE), ("[images]\n", SVG), ("", SVG)],
)
def test_drawings_are_sanitised_if_the_site_asks(
    site: Callable[..., Built], table: str, expected: str
) -> None:
    built = site(_files(table))
    for name in ("logo.svg", "DRAWN.SVG", "a/boat.svg"):
        assert (built.root / "public" / name).read_text() == expected


def test_a_drawing_that_cannot_be_sanitised_is_an_error(site: Callable[..., Built]) -> None:
    files = _files('[images]\nsvg = "sanitise"\n') | {"static/logo.svg": "<svg"}
    with pytest.raises(SsgError, match=r"logo\.svg: cannot be sanitised: is not well-formed"):
        site(files)
