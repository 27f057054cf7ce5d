"""Jobs of tests: variants of a file by the names of their recipes."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

from PIL import Image

from ssg.images.encoding_job import EncodingJob, WantedVariant
from ssg.images.picture_header import read_header
from ssg.images.run_job import run_job
from ssg.model.images.picture import Picture
from ssg.model.images.recipe import Recipe
from ssg.model.images.settings import ImageSettings
from ssg.model.images.variant import Variant

MAX_PIXELS = 20_000_000


def picture_of(path: Path, focus: str = "") -> Picture:
    """The row of a picture file."""
    header, sha256 = read_header(path), hashlib.sha256(path.read_bytes()).hexdigest()
    return Picture(
        f"/{path.name}", path.name, sha256[:16], sha256, header.width, header.height,
        header.format, header.is_animated, header.has_alpha, focus, "", "", "",
    )  # fmt: skip


def variant_of(path: Path, recipe: str, kind: str, focus: str = "") -> Variant:
    """A variant of a picture file."""
    parsed = Recipe.parse(recipe)
    assert parsed is not None
    return Variant(picture_of(path, focus), parsed, kind)


def job_of(path: Path, *variants: Variant, settings: ImageSettings | None = None) -> EncodingJob:
    """The job that makes variants of a picture file."""
    return EncodingJob.of(path, variants, settings or ImageSettings())


def bare_job(path: Path, *names: str) -> EncodingJob:
    """A job for a file whose header cannot be read: its frames are those of a small picture."""
    wanted = []
    for name in names or ("60",):
        recipe = Recipe.parse(name)
        assert recipe is not None
        wanted.append(WantedVariant(f"{name}.webp", "webp", 80, recipe.frame(120, 80)))
    return EncodingJob(path, "", tuple(wanted))


def made(path: Path, recipe: str = "60", kind: str = "png", focus: str = "") -> Image.Image:
    """A variant of a picture file, decoded."""
    job = job_of(path, variant_of(path, recipe, kind, focus))
    (encoded,) = run_job(job, MAX_PIXELS).variants
    return opened(encoded.data)


def opened(data: bytes) -> Image.Image:
    """A picture, decoded."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image
