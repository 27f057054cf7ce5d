"""Jobs for encoder processes, their results, and both as messages between processes.

A message is one line of JSON. A result is followed by the bytes of its variants, one after another.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from ssg.images.picture_error import PictureError
from ssg.model.images.recipe import Frame
from ssg.model.images.settings import DEFAULT_QUALITY, ImageSettings
from ssg.model.images.variant import Variant


@dataclass(frozen=True, slots=True)
class WantedVariant:
    """A variant, as far as an encoder has to know it."""

    file_name: str
    format: str
    quality: int
    frame: Frame

    @classmethod
    def of(cls, variant: Variant, settings: ImageSettings) -> WantedVariant:
        """The quality is that of the recipe, else that of the format."""
        of_format = settings.quality.get(variant.format, DEFAULT_QUALITY.get(variant.format, 0))
        quality = variant.recipe.quality or of_format
        return cls(variant.file_name, variant.format, quality, variant.frame)


@dataclass(frozen=True, slots=True)
class EncodingJob:
    """A picture, and all that is to be made of it at once."""

    source: Path
    sha256: str
    """Of the file, in hex digits. A file with another one is an error; '' allows any."""
    variants: tuple[WantedVariant, ...] = ()
    background: str = "#ffffff"
    wants_colors: bool = False
    """Whether the result has the dominant colour and a placeholder."""

    @classmethod
    def of(cls, source: Path, variants: Sequence[Variant], settings: ImageSettings) -> EncodingJob:
        """The job that makes some variants of one picture, whose file is `source`."""
        wanted = tuple(WantedVariant.of(variant, settings) for variant in variants)
        return cls(source, variants[0].picture.sha256, wanted, settings.background)

    def to_line(self) -> bytes:
        """The job as a message."""
        return json.dumps(asdict(self) | {"source": str(self.source)}).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> EncodingJob:
        """Read a message."""
        values: Mapping[str, Any] = json.loads(line)
        variants = (
            WantedVariant(**{**one, "frame": Frame(*one["frame"])}) for one in values["variants"]
        )
        return cls(**{**values, "source": Path(values["source"]), "variants": tuple(variants)})


@dataclass(frozen=True, slots=True)
class EncodedVariant:
    """The bytes of a variant."""

    file_name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class EncodingResult:
    """What a job made."""

    variants: tuple[EncodedVariant, ...] = ()
    color: str = ""
    """The dominant colour, `#aabbcc`."""
    placeholder: str = ""
    """A tiny copy, as a `data:` URL of at most 400 characters."""


def write_result(file: BinaryIO, result: EncodingResult) -> None:
    """Write a result as a message."""
    sizes = [(one.file_name, len(one.data)) for one in result.variants]
    head = {"sizes": sizes, "color": result.color, "placeholder": result.placeholder}
    _write(file, head, (one.data for one in result.variants))


def write_error(file: BinaryIO, error: PictureError) -> None:
    """Write, in place of a result, why there is none."""
    _write(file, {"error": error.reason}, ())


def _write(file: BinaryIO, head: Mapping[str, Any], parts: Iterable[bytes]) -> None:
    file.write(json.dumps(head).encode() + b"\n")
    file.writelines(parts)
    file.flush()


def read_result(file: BinaryIO) -> EncodingResult:
    """Read the message of a result.

    Raises PictureError if the job failed, and EOFError if the process ended within the message.
    """
    line = file.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    head: Mapping[str, Any] = json.loads(line)
    if "error" in head:
        raise PictureError(head["error"])
    variants = tuple(EncodedVariant(name, _exactly(file, size)) for name, size in head["sizes"])
    return EncodingResult(variants, head["color"], head["placeholder"])


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) < count:
        raise EOFError
    return data
