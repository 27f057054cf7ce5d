"""The focal point of a picture: what stays visible when its edges are cut off."""

from __future__ import annotations

import re

CENTER = (50, 50)
_PERCENT = re.compile(r"(\d{1,3})%?[ ,.x]\s*(\d{1,3})%?")
_SIDES = {
    "center": {}, "centre": {}, "middle": {}, "top": {1: 0}, "bottom": {1: 100},
    "left": {0: 0}, "right": {0: 100},
}  # fmt: skip
_SIDE = re.compile("|".join(_SIDES))


def read_focus(text: str) -> tuple[int, int] | None:
    """Return a focal point in percent from the left and the top; None if it is not one.

    `30% 40%`, `30.40`, `top`, `TopLeft`, `bottom right`.
    """
    if found := _PERCENT.fullmatch(text.strip()):
        across, down = int(found[1]), int(found[2])
        return (across, down) if max(across, down) <= 100 else None
    words = re.sub(r"[ _-]", "", text.lower())
    sides = _SIDE.findall(words)
    if not sides or "".join(sides) != words:
        return None
    point = list(CENTER)
    for side in sides:
        for axis, percent in _SIDES[side].items():
            point[axis] = percent
    return point[0], point[1]


def focus_name(text: str) -> str:
    """Return the form of a focal point that names of recipes have: `30.40`; '' stays ''.

    Raises ValueError.
    """
    if not text:
        return ""
    point = read_focus(text)
    if point is None:
        raise ValueError(f'"{text}" is not a focal point')
    return f"{point[0]}.{point[1]}"
