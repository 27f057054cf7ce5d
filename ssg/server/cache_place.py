"""Where cached responses are: in a folder of this machine, or in Redis."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from ssg.edge.storage.disk_store import DEFAULT_SIZES, DiskStore
from ssg.edge.storage.namespace import CacheStore
from ssg.fingerprint.digest import digest_of
from ssg.model.errors import ConfigError, Problem
from ssg.server.settings import DISK, ServerSettings

REDIS_SCHEMES = ("redis://", "rediss://", "unix://")


def open_store(
    settings: ServerSettings, environment: Mapping[str, str], warn: Callable[[str], None]
) -> CacheStore:
    """Open the store of cached responses that the settings name. Raises ConfigError."""
    if settings.cache.startswith(REDIS_SCHEMES):
        try:
            from ssg.edge.storage.redis.redis_store import RedisStore  # noqa: PLC0415 may be missing
        except ModuleNotFoundError as error:
            hint = 'pip install "ssg[redis]"'
            raise ConfigError(Problem("a cache in Redis needs redis-py", hint=hint)) from error
        return RedisStore.at(settings.cache, warn, DEFAULT_SIZES.memory)
    return DiskStore(cache_folder(settings, environment), warn)


def cache_folder(settings: ServerSettings, environment: Mapping[str, str]) -> Path:
    """The folder of the cache. One that is not named belongs to the path of the served folder.

    A link keeps its path when it leads to another release, so its cache stays the same.
    """
    if settings.cache != DISK:
        return Path(settings.cache)
    path = os.path.abspath(settings.folder)  # noqa: PTH100 `resolve` would follow the link
    name = f"{settings.folder.absolute().name}-{digest_of(path)[:12]}"
    return _caches_of_user(environment) / name


def _caches_of_user(environment: Mapping[str, str], platform: str = sys.platform) -> Path:
    """The folder for caches: that of a unit of systemd, or of the user."""
    if own := environment.get("CACHE_DIRECTORY"):
        return Path(own.split(":")[0])
    if user := environment.get("XDG_CACHE_HOME"):
        return Path(user) / "ssg"
    if platform == "win32" and (local := environment.get("LOCALAPPDATA")):
        return Path(local) / "ssg" / "cache"
    return Path.home() / ".cache" / "ssg"
