"""Open the storage that a setting names: a folder, or the URL of a Redis."""

from __future__ import annotations

from pathlib import Path

from ssg.edge.storage.disk_cache import WarningLog
from ssg.edge.storage.disk_store import DEFAULT_SIZES, CacheSizes, DiskStore
from ssg.edge.storage.namespace import CacheStore
from ssg.model.errors import ConfigError, Problem

_REDIS = ("redis://", "rediss://", "unix://")


def is_redis(where: str) -> bool:
    """Whether a setting is the URL of a Redis."""
    return where.startswith(_REDIS)


def open_store(where: str, log: WarningLog, sizes: CacheSizes = DEFAULT_SIZES) -> CacheStore:
    """Open a storage. Raises `ConfigError` if that is not possible here."""
    if not is_redis(where):
        return DiskStore(Path(where), log, sizes)
    try:
        from ssg.edge.storage.redis.redis_store import (  # noqa: PLC0415 only where a Redis is used
            RedisStore,
        )
    except ImportError as error:
        hint = "Install it: pip install 'ssg[redis]'"
        raise ConfigError(Problem("The package redis is not installed", hint=hint)) from error
    return RedisStore.at(where, log, sizes.memory)
