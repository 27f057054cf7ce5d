"""Where cached responses are: in a folder of this machine, or in Redis."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from ssg.edge.storage.disk_store import VARIANTS_FOLDER
from ssg.edge.storage.namespace import CacheStore
from ssg.edge.storage.open_store import is_redis, open_store
from ssg.fingerprint.digest import digest_of
from ssg.server.settings import DISK, ServerSettings


def cache_store(
    settings: ServerSettings, environment: Mapping[str, str], warn: Callable[[str], None]
) -> CacheStore:
    """Open the store of cached responses that the settings name. Raises ConfigError."""
    where = settings.cache
    return open_store(where if is_redis(where) else str(cache_folder(settings, environment)), warn)


def cache_folder(settings: ServerSettings, environment: Mapping[str, str]) -> Path:
    """The folder of the cache. One that is not named belongs to the path of the served folder.

    A link keeps its path when it leads to another release, so its cache stays the same.
    """
    if settings.cache != DISK:
        return Path(settings.cache)
    path = os.path.abspath(settings.folder)  # noqa: PTH100 `resolve` would follow the link
    name = f"{settings.folder.absolute().name}-{digest_of(path)[:12]}"
    return _caches_of_user(environment) / name


def variants_folder(settings: ServerSettings, environment: Mapping[str, str]) -> Path:
    """The folder of variants of pictures, which all processes of a machine share.

    Their names change with their bytes, so all builds share it, too.
    """
    if settings.image_cache != DISK:
        return Path(settings.image_cache)
    pages = settings if not is_redis(settings.cache) else replace(settings, cache=DISK)
    return cache_folder(pages, environment) / VARIANTS_FOLDER


def _caches_of_user(environment: Mapping[str, str], platform: str = sys.platform) -> Path:
    """The folder for caches: that of a unit of systemd, or of the user."""
    if own := environment.get("CACHE_DIRECTORY"):
        return Path(own.split(":")[0])
    if user := environment.get("XDG_CACHE_HOME"):
        return Path(user) / "ssg"
    if platform == "win32" and (local := environment.get("LOCALAPPDATA")):
        return Path(local) / "ssg" / "cache"
    return Path.home() / ".cache" / "ssg"
