"""Runs the steps of a Dockerfile without a container: a clean folder stands for the file system.

Paths in the image become paths in that folder. A stage begins with nothing; what an earlier stage
made is set aside, and only `COPY --from` brings it back, to the same place.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_CONTINUED = re.compile(r"\\\n\s*")
_TOPS = re.compile(r"(?<![\w/.])/(site|opt|srv|var)\b")


@dataclass
class Image:
    """The folder of the last stage, and what its metadata says."""

    root: Path
    context: Path
    build_env: Mapping[str, str]
    work_dir: str = "/"
    env: dict[str, str] = field(default_factory=dict)
    user: str = ""
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    def path(self, inside: str) -> Path:
        """A path in the image, as one of this machine."""
        return self.root / (Path(self.work_dir) / inside).as_posix().lstrip("/")

    def here(self, text: str) -> str:
        """A text with the paths of the image, with those of this machine."""
        return _TOPS.sub(lambda match: f"{self.root}/{match[1]}", text)


def instructions(text: str) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile with their arguments, without comments."""
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    joined = _CONTINUED.sub("", lines)
    pairs = (line.split(maxsplit=1) for line in joined.splitlines() if line.strip())
    return [(name, arguments) for name, arguments in pairs]


def build_image(context: Path, root: Path, environment: Mapping[str, str]) -> Image:
    """Run each step; an instruction that is not known here is an error."""
    image = Image(root, context, environment)
    before = root.with_name("before")
    for name, arguments in instructions((context / "Dockerfile").read_text("utf-8")):
        match name:
            case "FROM":
                if root.exists():
                    root.rename(before)
                image = Image(root, context, environment)
                (root / "var" / "cache").mkdir(parents=True)
            case "WORKDIR":
                image.work_dir = arguments
                image.path(".").mkdir(parents=True, exist_ok=True)
            case "COPY":
                _copy(image, before, arguments)
            case "RUN":
                subprocess.run(
                    ["/bin/sh", "-c", image.here(arguments)],
                    cwd=image.path("."), env={**environment}, check=True, timeout=280,
                )  # fmt: skip
            case "ENV":
                pairs = (pair.partition("=") for pair in arguments.split())
                image.env |= {key: image.here(value) for key, _, value in pairs}
            case "USER":
                image.user = arguments
            case "CMD":
                image.command = json.loads(image.here(arguments))
            case "HEALTHCHECK":
                image.health = json.loads(image.here(arguments.partition("CMD ")[2]))
            case "ARG" | "EXPOSE":
                pass
            case _:
                raise AssertionError(f"no test runs {name}")
    return image


def _copy(image: Image, before: Path, arguments: str) -> None:
    words = arguments.split()
    origin = image.context
    if words[0].startswith("--from="):
        origin = before
        words = words[1:]
    *sources, target = words
    ignored = _ignored(image.context) if origin is image.context else frozenset()
    for source in sources:
        found = origin / source.lstrip("/")
        there = image.path(target)
        if found.is_dir():
            shutil.copytree(
                found, there, symlinks=True, dirs_exist_ok=True,
                ignore=lambda _, names: ignored & set(names),
            )  # fmt: skip
        else:
            shutil.copy(found, there)


def _ignored(context: Path) -> frozenset[str]:
    lines = (context / ".dockerignore").read_text("utf-8").split()
    return frozenset(line.removeprefix("**/") for line in lines)
