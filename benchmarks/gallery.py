"""One gallery of photos, for `ssg` and for Hugo: the same files, the same Markdown."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

WIDTHS = (400, 800, 1600)
QUALITY = {"avif": 55, "webp": 78, "jpg": 80}
PHOTOS_OF_ALBUM = 10
"""Hugo renders pages at the same time, and makes the variants of one page one after another."""

_SSG = """\
title = "Gallery"
base_url = "https://gallery.example.org/"
[target]
name = "{target}"
[feed]
enabled = false
"""
_SSG_IMAGES = """
[images]
widths = {widths}
formats = ["{format}", "jpeg"]
quality = {{ avif = {avif}, webp = {webp}, jpeg = {jpg} }}
"""
_SSG_DEFERRED = """
[[deferred.rules]]
kind = "image"
match = "**"
"""
_SSG_PAGE = (
    "<!doctype html><html lang=en><title>{{ page.title }}</title>{{ page.content }}</html>\n"
)

_HUGO = """\
baseURL = "https://gallery.example.org/"
title = "Gallery"
disableKinds = ["section", "404", "taxonomy", "term", "rss"]
"""
_HUGO_PICTURE = """\
{{- $picture := .Page.Resources.GetMatch .Destination -}}
<picture><source type="image/%(format)s" sizes="100vw" srcset="%(modern)s">\
<img alt="{{ .Text }}" width="{{ $picture.Width }}" height="{{ $picture.Height }}" loading="lazy" \
sizes="100vw" srcset="%(jpeg)s"></picture>
"""
_HUGO_SRCSET = """\
{{ range slice %s }}{{ with $picture.Resize (printf "%%dx %s q%d" .) }}\
{{ .RelPermalink }} {{ .Width }}w, {{ end }}{{ end }}"""
_HUGO_PAGE = "<!doctype html><title>{{ .Title }}</title>{{ .Content }}\n"


@dataclass(frozen=True, slots=True)
class Gallery:
    """The site of one generator: how it is built, and where its pages are."""

    name: str
    root: Path
    command: Sequence[object]
    kept: Sequence[str]
    """What builds leave, and the next one finds."""

    def clean(self) -> None:
        for name in self.kept:
            shutil.rmtree(self.root / name, ignore_errors=True)

    def count(self, suffix: str) -> int:
        """The number of published files with a suffix."""
        return sum(1 for _ in (self.root / "public").rglob(f"*.{suffix}"))


def ssg_gallery(
    root: Path, photos: Sequence[Path], target: str, format: str = "", *, deferred: bool = False
) -> Gallery:
    """The gallery of `ssg`; without a format its pictures stay as they are."""
    _write_albums(root, photos)
    config = _SSG.format(target=target)
    if format:
        config += _SSG_IMAGES.format(widths=list(WIDTHS), format=format, **QUALITY)
    _write(root / "ssg.toml", config + (_SSG_DEFERRED if deferred else ""))
    for name in ("base", "index", "page", "section"):
        _write(root / "templates" / f"{name}.html", _SSG_PAGE)
    command = (sys.executable, "-m", "ssg", "build", "--quiet")
    return Gallery("ssg", root, command, ("public", ".ssg", ".netlify", "dist"))


def hugo_gallery(root: Path, photos: Sequence[Path], format: str, peers: ModuleType) -> Gallery:
    """The gallery of Hugo: a template of pictures in Markdown makes the variants."""
    hugo = peers.PEERS["hugo"]()
    hugo.install(system=False)
    _write_albums(root, photos)
    _write(root / "hugo.toml", _HUGO)
    widths = " ".join(map(str, WIDTHS))
    modern, jpeg = (
        _HUGO_SRCSET % (widths, kind, QUALITY[kind]) for kind in (format, "jpg")
    )  # fmt: skip
    picture = _HUGO_PICTURE % {"format": format, "modern": modern, "jpeg": jpeg}
    _write(root / "layouts/_default/_markup/render-image.html", picture)
    for name in ("single", "list"):
        _write(root / f"layouts/_default/{name}.html", _HUGO_PAGE)
    kept = ("public", "resources", ".hugo_build.lock")
    return Gallery(f"Hugo {hugo.version()}", root, (hugo.exe, "--quiet"), kept)


def _write_albums(root: Path, photos: Sequence[Path]) -> None:
    for first in range(0, len(photos), PHOTOS_OF_ALBUM):
        folder = root / "content" / f"album-{first // PHOTOS_OF_ALBUM:03d}"
        folder.mkdir(parents=True)
        shown = photos[first : first + PHOTOS_OF_ALBUM]
        for photo in shown:
            os.link(photo, folder / photo.name)
        text = "\n".join(f"![{photo.stem}]({photo.name})\n" for photo in shown)
        _write(folder / "index.md", f"---\ntitle: {folder.name}\n---\n\n{text}")


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
