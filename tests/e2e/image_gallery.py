"""A gallery whose pictures are far below each other, as files and with deferred variants."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw

from tests.conftest import build_site, write
from tests.server_site import build_for_server

WIDTHS = (400, 800, 1280, 1600)
SIZE = (1600, 1000)
PICTURES = tuple(f"boat-{number}" for number in range(1, 5))
GAP_PIXELS = 10_000
"""Browsers load a lazy picture before it is seen, but not from so far. Chromium looks 1,250 pixels
ahead, and 8,000 on a machine without a network."""

CONFIG = f"""\
title = "Gallery"
base_url = "https://gallery.example.org/"
theme = ""

[target]
name = "TARGET"

[images]
widths = {list(WIDTHS)}
formats = ["webp", "original"]
eager = 1
"""
DEFERRED = '[[deferred.rules]]\nkind = "image"\nmatch = "**"\n'
PAGE = f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{{{ page.title }}}}</title>
<meta name="description" content="Boats of the harbour.">
<link rel="icon" href="data:,">
<style>
body {{ margin: 0 }}
img {{ display: block; max-width: 100%; height: auto }}
p + p {{ margin-top: {GAP_PIXELS}px }}
</style>
</head>
<body><main><h1>{{{{ page.title }}}}</h1>{{{{ page.content }}}}</main></body>
</html>
"""


def write_gallery(root: Path, target: str, *, is_deferred: bool) -> None:
    """A page with some pictures, the first of which is in sight."""
    text = "\n".join(f"![The {name} in the harbour]({name}.jpg)\n" for name in PICTURES)
    config = CONFIG.replace("TARGET", target) + (DEFERRED if is_deferred else "")
    write(root, {"ssg.toml": config, "templates/page.html": PAGE, "templates/section.html": PAGE})
    write(root, {"content/boats/index.md": f"---\ntitle: Boats\n---\n{text}"})
    for number, name in enumerate(PICTURES):
        write(root, {f"content/boats/{name}.jpg": picture(number)})


def picture(number: int) -> bytes:
    """A boat at dusk; no two are the same."""
    sky = Image.linear_gradient("L").resize(SIZE)
    light = Image.merge("RGB", [sky, sky.point(lambda value: value * 2 // 3), sky.rotate(180)])
    pen, at = ImageDraw.Draw(light), 300 + 200 * number
    pen.polygon([(at, 700), (at + 400, 700), (at + 330, 820), (at + 60, 820)], fill=(90, 30, 20))
    pen.polygon([(at + 200, 200), (at + 200, 680), (at + 390, 680)], fill=(240, 235, 220))
    stream = io.BytesIO()
    light.save(stream, "JPEG", quality=85)
    return stream.getvalue()


def static_gallery(root: Path) -> Path:
    """All variants are made by the build; returns the folder to publish."""
    write_gallery(root, "static", is_deferred=False)
    build_site(root, target="static")
    return root / "public"


def deferred_gallery(root: Path) -> Path:
    """No variant is made by the build; returns the folder that `ssg start` serves."""
    write_gallery(root, "server", is_deferred=True)
    build_for_server(root, {})
    return root / "dist"


@contextlib.contextmanager
def started(dist: Path) -> Iterator[str]:
    """Runs `ssg start` with a cache of its own; yields its URL."""
    command = [sys.executable, "-m", "ssg", "start", str(dist), "--port", "0"]
    process = subprocess.Popen(
        [*command, "--cache", str(dist.parent / "cache")],
        env={**os.environ, "NO_COLOR": "1"}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stderr
        found = filter(None, (re.search(r"http://127\.0\.0\.1:\d+", x) for x in process.stderr))
        yield next(found).group() + "/"
    finally:
        process.terminate()
        process.wait(15)
