"""`images` of `config.json`: what Vercel's service for pictures may be asked for.

Source: https://vercel.com/docs/build-output-api/configuration, "images". The numbers of entries are
limited as for `vercel.json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from ssg.model.errors import Problem
from ssg.model.images.picture import Picture
from ssg.model.images.recipe import Recipe
from ssg.model.images.service_url import service_qualities, vercel_width
from ssg.model.images.settings import ImageFormat, ImageService, ImageSettings
from ssg.model.queries.site import Site
from ssg.targets.routing.remote_pictures import RemoteFolder, remote_folders

MAX_SIZES = 50
MAX_QUALITIES = 20
MAX_REMOTES = 50
LONGEST_CACHE_SECONDS = 2_678_400
"""31 days, as Vercel recommends; a picture with other bytes is another one for its cache."""

_FORMATS = (ImageFormat.AVIF, ImageFormat.WEBP)
_LIMITS = {
    "sizes": (MAX_SIZES, "widths", "Use fewer widths in [images] and in templates"),
    "qualities": (MAX_QUALITIES, "qualities", "Use fewer different qualities"),
    "remotePatterns": (MAX_REMOTES, "sites with remote pictures", "Copy some into the site"),
}


def images_config(site: Site) -> dict[str, Any] | None:
    """The value of `images`; None if Vercel's service makes nothing for the site."""
    images = site.settings.images
    if images is None or images.service != ImageService.VERCEL:
        return None
    recipes = sorted(site.recipes())
    sizes = sorted(set(_widths(name for name, _ in recipes)))
    pictures = [one for one in site.pictures() if one.has_variants]
    if not sizes or not pictures:
        return None
    return _config(images, recipes, sizes, pictures)


def _config(
    images: ImageSettings,
    recipes: list[tuple[str, str]],
    sizes: list[int],
    pictures: list[Picture],
) -> dict[str, Any]:
    used = {kind for _, kind in recipes}
    formats = [f"image/{kind}" for kind in _FORMATS if kind in used]
    remote = [_remote_pattern(folder) for folder in remote_folders(pictures)]
    return {
        "sizes": sizes,
        "domains": [],
        **({"remotePatterns": remote} if remote else {}),
        "localPatterns": [{"pathname": _local_pattern(pictures), "search": ""}],
        **({"formats": formats} if formats else {}),
        "qualities": service_qualities(images, (name for name, _ in recipes)),
        "minimumCacheTTL": LONGEST_CACHE_SECONDS,
    }


def images_problems(config: dict[str, Any] | None) -> Iterator[Problem]:
    """Report what Vercel would refuse."""
    for key, (most, what, hint) in _LIMITS.items():
        found = len((config or {}).get(key, ()))
        if found > most:
            yield Problem(f"[images] needs {found} {what}, but Vercel takes {most}", None, hint)


def _widths(names: Iterable[str]) -> Iterator[int]:
    for recipe in map(Recipe.parse, names):
        if recipe and (width := vercel_width(recipe)):
            yield width


def _local_pattern(pictures: Iterable[Picture]) -> str:
    """An expression for files with the suffixes of the site's pictures."""
    paths = (PurePosixPath(one.path) for one in pictures if not one.is_remote)
    suffixes = sorted({re.escape(path.suffix.removeprefix(".")) for path in paths})
    return rf"^/.*\.(?:{'|'.join(suffixes)})$"


def _remote_pattern(folder: RemoteFolder) -> dict[str, str]:
    host, _, port = folder.host.partition(":")
    return {
        "protocol": folder.scheme,
        "hostname": f"^{re.escape(host)}$",
        **({"port": port} if port else {}),
        "pathname": f"^{re.escape(folder.path)}.*$",
    }
