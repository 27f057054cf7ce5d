"""`[[images.resized]]`: pictures that another service resizes, such as those of an API.

A build does not know them, so their size is a part of their addresses, `/media/boat-1600x900.webp`,
and the service has them in other widths, too: `/media/boat-1600x900-400.webp`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_SIZE = r"[1-9][0-9]{0,4}"
_FORMS = {"width": _SIZE, "height": _SIZE}
_NAME = "[^/?#]+?"
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class SizedAddress:
    """The size of a picture in pixels, and the addresses of it in several widths."""

    width: int
    height: int
    candidates: tuple[tuple[str, int], ...]
    """Each address with its width, the narrowest first; the last is the picture itself."""


@dataclass(frozen=True, slots=True)
class ResizedPictures:
    """One of `[[images.resized]]`.

    `match` has `{width}` and `{height}`, `variant` has `{to}` and placeholders of `match`.
    """

    match: str
    variant: str
    widths: tuple[int, ...]

    def find(self, url: str) -> SizedAddress | None:
        """Return what there is of the picture at an address; None for another picture."""
        found = _expression(self.match).fullmatch(url)
        if found is None:
            return None
        values = found.groupdict()
        width = int(values["width"])
        narrower = (to for to in self.widths if to < width)
        candidates = ((self.variant.format(**values, to=to), to) for to in narrower)
        return SizedAddress(width, int(values["height"]), (*candidates, (url, width)))


@lru_cache(maxsize=64)
def _expression(match: str) -> re.Pattern[str]:
    """The addresses that `match` describes, with a group for each placeholder."""
    parts = PLACEHOLDER.split(match)
    written = (
        f"(?P<{part}>{_FORMS.get(part, _NAME)})" if number % 2 else re.escape(part)
        for number, part in enumerate(parts)
    )
    return re.compile("".join(written))
