"""`[images.cards]`: pictures of pages for link previews."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from ssg.config.table import Table
from ssg.fingerprint.digest import sha256_of
from ssg.fingerprint.input_folders import FOLDERS
from ssg.model.errors import did_you_mean
from ssg.model.images.card import CARD_PARTS, CardDesign, CardFile, CardSettings

FONT_SUFFIXES = (".ttf", ".otf", ".ttc")
TEMPLATE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".avif")
MAX_SIDE = 4096
FONT_PACKAGES = "fontpkg"
"""Packages of fonts, `fontpkg-noto-sans`, are modules with a folder `files`."""

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_WRITE_COLOR = "Write it as #1e293b"
_PACKAGE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def read_cards(table: Table, root: Path) -> CardDesign | None:
    """`cards` of the table `[images]`; None if the site has no cards."""
    is_set = table.raw("cards") is not None
    design = _design(table.table("cards"), root, is_set)
    return design if is_set else None


def card_file_path(root: Path, name: str) -> Path | None:
    """The file of a name in `font` or `background`; None if there is no such file."""
    if PurePosixPath(name).suffix.lower() in (*FONT_SUFFIXES, *TEMPLATE_SUFFIXES):
        file = (root / name).resolve()
        folders = ((root / folder).resolve() for folder in FOLDERS)
        return file if file.is_file() and any(map(file.is_relative_to, folders)) else None
    return _package_font(name) if _PACKAGE.fullmatch(name) else None


def _package_font(name: str) -> Path | None:
    """The upright font of an installed package: the variable one, or the regular one."""
    spec = find_spec(f"{FONT_PACKAGES}_{name.replace('-', '_')}")
    folder = Path(spec.origin).parent / "files" if spec and spec.origin else None
    files = sorted(folder.glob("*.[ot]tf")) if folder else []
    upright = [file for file in files if "Italic" not in file.name]
    return min(upright, key=_is_special, default=None)


def _is_special(file: Path) -> bool:
    return "[" not in file.name and not file.stem.endswith("-Regular")


def _design(table: Table, root: Path, is_set: bool) -> CardDesign:
    settings = _settings(table)
    table.refuse_unread()
    if not is_set:
        return CardDesign(settings)
    fonts = tuple(_files(table, "font", settings.font, root))
    templates = [name for name in settings.background if not name.startswith("#")]
    return CardDesign(settings, fonts, next(_files(table, "background", templates, root), None))


def _settings(table: Table) -> CardSettings:
    default = CardSettings()
    width = _side(table, "width", default.width)
    height = _side(table, "height", default.height)
    return CardSettings(
        width=width,
        height=height,
        background=_background(table, default.background),
        color=table.form("color", default.color, _COLOR, "a colour", _WRITE_COLOR),
        accent=table.form("accent", default.accent, _COLOR, "a colour", _WRITE_COLOR),
        font=tuple(table.texts("font", default.font)) or default.font,
        show=_show(table, default.show),
        date_format=table.text("date_format", default.date_format),
        margin=_margin(table, min(width, height), default.margin),
        exclude=tuple(table.texts("exclude")),
    )


def _side(table: Table, key: str, default: int) -> int:
    value = table.whole(key, default, 100)
    if value > MAX_SIDE:
        table.problem(key, f'"{key}" is {value}, but must be at most {MAX_SIDE}')
        return default
    return value


def _margin(table: Table, shortest: int, default: int) -> int:
    value = table.whole("margin", default)
    if value * 4 <= shortest:
        return value
    if "margin" in table:
        message = f'"margin" is {value}, which leaves too little of {shortest} pixels'
        table.problem("margin", message)
    return shortest // 8


def _background(table: Table, default: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(table.texts("background", default))
    colors = [name for name in names if name.startswith("#")]
    wrong = next((color for color in colors if not _COLOR.fullmatch(color)), None)
    if wrong:
        table.problem("background", f'"{wrong}" is not a colour', _WRITE_COLOR)
        return default
    if not names or len(names) > 2 or (len(names) == 2 and len(colors) < 2):
        message = '"background" must be a picture, a colour, or two colours'
        table.problem("background", message, 'Write "static/card.png" or ["#1e293b", "#0f172a"]')
        return default
    return names


def _show(table: Table, default: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(table.texts("show", default)))
    for name in names:
        if name not in CARD_PARTS:
            hint = did_you_mean(name, CARD_PARTS) or f"One of {', '.join(CARD_PARTS)}"
            table.problem("show", f'a card cannot show "{name}"', hint)
    return tuple(name for name in names if name in CARD_PARTS)


def _files(
    table: Table, key: str, names: list[str] | tuple[str, ...], root: Path
) -> Iterator[CardFile]:
    for name in names:
        path = card_file_path(root, name)
        try:
            data = path.read_bytes() if path else b""
        except OSError as error:
            table.problem(key, f"{name} cannot be read: {error.strerror}")
            continue
        if data:
            yield CardFile(name, sha256_of(data))
        else:
            table.problem(key, *_missing(name, key))


def _missing(name: str, key: str) -> tuple[str, str | None]:
    suffixes = TEMPLATE_SUFFIXES if key == "background" else FONT_SUFFIXES
    if PurePosixPath(name).suffix.lower() in suffixes:
        hint = f'Write its path from the root of the site: "static/{PurePosixPath(name).name}"'
        is_path = PurePosixPath(name).parts[0] in FOLDERS
        return f"there is no file {name}", None if is_path else hint
    if key == "background":
        return f'"{name}" is not a picture', f"One of {', '.join(suffixes)}, or a colour"
    package = f"{FONT_PACKAGES}-{name}"
    return f'there is no font "{name}"', f"Run pip install {package}, or name a file of the site"
