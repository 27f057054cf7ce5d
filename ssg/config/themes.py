"""Where themes are: in the site's own `themes/`, or among those that ssg brings."""

from __future__ import annotations

from pathlib import Path

import ssg

_PACKAGE = Path(ssg.__file__).parent
_BUILT_IN = (_PACKAGE / "themes", _PACKAGE.parent / "themes")  # in a wheel; in a checkout


def theme_folder(root: Path, name: str) -> Path | None:
    """The folder of a theme, or None if there is no such theme."""
    for folder in _shelves(root):
        if Path(name).name == name and (folder / name / "templates").is_dir():
            return folder / name
    return None


def theme_names(root: Path) -> list[str]:
    return sorted(
        {theme.name for shelf in _shelves(root) if shelf.is_dir() for theme in shelf.iterdir()}
    )


def _shelves(root: Path) -> tuple[Path, ...]:
    return (root / "themes", *_BUILT_IN)
