"""Pictures, the function for them, and its answers in a Node process of its own."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from PIL import Image, ImageDraw

from ssg.images.picture_header import parse_header
from ssg.model.images.picture import Picture, PictureFacts
from ssg.model.images.settings import ImageSettings
from ssg.model.queries.site import Site
from ssg.model.settings import SiteSettings
from ssg.redirects.header_rule import HeaderRule
from ssg.targets.netlify.function import KINDS
from ssg.targets.netlify.images.emit_images import NetlifyImageFunction, emit_images
from ssg.targets.target import EmitContext, EmittedSize

CALLER = Path(__file__).parent / "call.cjs"
NAME = "ssg-images"
SETTINGS = ImageSettings(addresses=("/img/{file}/{width}", "/images/file/{file}/width/{width}"))
RECIPES = frozenset(
    {
        ("640", "webp"), ("640", "original"), ("x100", "webp"), ("300", "webp"), ("4000", "webp"),
        ("120x120-cover", "webp"), ("120x120-cover", "avif"), ("120x120-cover", "original"),
        ("120x120-cover-0.0", "webp"), ("120x120-crop-100.100", "png"),
        ("120x60-scale", "png"), ("200-q10", "jpeg"), ("200", "jpeg"), ("200", "png"),
    }
)  # fmt: skip


@dataclass(frozen=True)
class PictureSite:
    """The part of a site that the function is made of."""

    listed: Sequence[Picture]
    listed_recipes: frozenset[tuple[str, str]] = RECIPES
    images: ImageSettings = SETTINGS

    @property
    def settings(self) -> SiteSettings:
        return SiteSettings(images=self.images)

    def pictures(self) -> Iterator[Picture]:
        return iter(self.listed)

    def recipes(self) -> frozenset[tuple[str, str]]:
        return self.listed_recipes


@dataclass(frozen=True)
class Answer:
    """An answer of the function."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    ttl: int | None = None

    @property
    def image(self) -> Image.Image:
        return Image.open(io.BytesIO(self.body))


def picture(path: str, content: bytes, **facts: Any) -> Picture:
    """The row of a picture; size and format are those of the file, unless they are given."""
    sha256 = hashlib.sha256(content).hexdigest()
    known = PictureFacts(sha256)
    if "width" not in facts or "format" not in facts:
        header = parse_header(io.BytesIO(content), Path(path).suffix)
        known = PictureFacts(
            sha256, header.width, header.height, header.format, header.is_animated, header.has_alpha
        )
    row = Picture(path, f"content{path}", sha256[:16], *known[:6], "", *known[6:])
    return row._replace(**facts)


def drawn(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A picture with slow changes of colour, an edge and a mark at its left top."""
    gradient = Image.linear_gradient("L").resize((width, height))
    other = gradient.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    image = Image.merge("RGB", (gradient, across, other))
    draw = ImageDraw.Draw(image)
    draw.ellipse((width // 3, height // 3, width * 2 // 3, height * 2 // 3), fill="orange")
    draw.rectangle((0, 0, width // 8, height // 8), fill="blue")
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def published(folder: Path) -> Path:
    """The publish folder beside the function of a folder."""
    return folder.parent / f"{folder.name}-public"


def emitted(
    folder: Path,
    files: Mapping[str, bytes],
    pictures: Sequence[Picture],
    kind: str = "builder",
    settings: ImageSettings = SETTINGS,
    headers: Sequence[HeaderRule] = (),
) -> EmittedSize:
    """Write the function for a publish folder with `files` into `folder`/ssg-images."""
    publish = published(folder)
    for name, content in files.items():
        (publish / name).parent.mkdir(parents=True, exist_ok=True)
        (publish / name).write_bytes(content)
    folder.mkdir(exist_ok=True)
    context = EmitContext(
        root=folder,
        site=cast("Site", PictureSite(pictures)),
        database=folder / "site.db",
        publish_dir=publish,
        files=frozenset(files),
        work_dir=folder,
        hosts_dir=folder,
        aliases=(),
        output=publish,
        file=lambda name: publish / name if name in files else None,
    )
    return emit_images(context, settings, NetlifyImageFunction(NAME, KINDS[kind], headers=headers))


def asked(
    folder: Path, requests: Iterable[tuple[str, str]], kind: str = "builder", **variables: str
) -> list[Answer]:
    """The answers of a fresh process; only `variables` and PATH are in its environment."""
    file = folder / NAME / f"{NAME}{KINDS[kind].suffix}"
    done = subprocess.run(
        ["node", CALLER, file], input=json.dumps(list(requests)), capture_output=True, text=True,
        check=False, timeout=60, env={"PATH": os.environ["PATH"], **variables},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [
        Answer(one["status"], one["headers"], base64.b64decode(one["body"]), one.get("ttl"))
        for one in json.loads(done.stdout)
    ]
