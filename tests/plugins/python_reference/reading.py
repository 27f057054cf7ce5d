"""Reading the packages of the tests, and showing the pages that come of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml

from ssg.content.build_hooks import SourcePage
from ssg.model.errors import Location
from ssg.plugins.python_reference.options import Options
from ssg.plugins.python_reference.pages import pages

HERE = Path(__file__).parent
CONFIG = Location("ssg.toml", 3, 1)


def read(root: Path, *packages: str, raw_html: bool = True, **options: object) -> list[SourcePage]:
    """The pages of some packages below a folder."""
    return pages(root, Options(packages, CONFIG, **options), raw_html)  # type: ignore[arg-type]


def text_of(made: Iterable[SourcePage]) -> str:
    """Pages as one text."""
    return "\n".join(map(_text, made))


def _text(page: SourcePage) -> str:
    front = yaml.safe_dump(page.front, allow_unicode=True, width=1000)
    return f"<<< {page.source}\n{front}---\n{page.text}"
