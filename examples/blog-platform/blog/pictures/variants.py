"""Pictures in narrower widths, made when somebody asks for one.

`/media/DIGEST-1600x900.webp` is a picture, `/media/DIGEST-1600x900-400.webp` the same one, 400
pixels wide. Only the widths that pages name exist (`[[images.resized]]` in `ssg.toml`). Caches keep
what is made, so each is made about once.
"""

from __future__ import annotations

import re
from io import BytesIO

from PIL import Image

from blog.pictures.encoding import EXTENSION, QUALITY

WIDTHS = (400, 800)
_NAME = re.compile(
    rf"([0-9a-f]{{32}}-([1-9][0-9]*)x[1-9][0-9]*)-([1-9][0-9]*){EXTENSION}", re.ASCII
)


def variant_of(name: str) -> tuple[str, int] | None:
    """The name of a picture and the width, if a name is that of a variant that exists."""
    found = _NAME.fullmatch(name)
    if found is None or int(found[3]) not in WIDTHS or int(found[3]) >= int(found[2]):
        return None
    return found[1] + EXTENSION, int(found[3])


def resize_picture(data: bytes, width: int) -> bytes:
    """A picture of ours in another width."""
    with Image.open(BytesIO(data), formats=["WEBP"]) as image:
        height = max(1, round(image.height * width / image.width))
        resized = image.resize((width, height), Image.Resampling.LANCZOS)
    output = BytesIO()
    resized.save(output, "WEBP", quality=QUALITY, method=4)
    return output.getvalue()
