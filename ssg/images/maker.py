"""Makes variants that are missing, each once however many ask for it.

Theory of operation. A variant that is being made has a future, which all who want it wait for. The
thread that finds none makes the variant: it waits for a free encoder, and then takes along all
other variants of the same picture that are wanted by then, because decoding is half of the work.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

from ssg.images.encoder_pool import EncoderPool
from ssg.images.encoding_job import EncodingJob, EncodingResult
from ssg.images.variant_cache import VariantCache
from ssg.model.images.settings import ImageSettings
from ssg.model.images.variant import Variant


class VariantMaker:
    """Variants from the cache, or made and put there. Threads may share it."""

    def __init__(self, cache: VariantCache, pool: EncoderPool, settings: ImageSettings) -> None:
        self._cache = cache
        self._pool = pool
        self._settings = settings
        self._futures: dict[str, Future[bytes]] = {}
        """Of variants that are wanted or being made, by file name."""
        self._wanted: dict[tuple[Path, str], list[Variant]] = {}
        """Those that no encoder has yet, by source and its content."""
        self._lock = threading.Lock()
        self.encoded = 0
        """The number of variants that were made, not read from the cache."""

    def read(self, source: Path, variant: Variant) -> bytes:
        """The bytes of a variant of the picture in the file `source`. Raises PictureError."""
        return self.make(source, [variant])[variant.file_name]

    def make(self, source: Path, variants: Sequence[Variant]) -> Mapping[str, bytes]:
        """The bytes of some variants of one picture, by file name. Raises PictureError."""
        cached = {one.file_name: self._cache.read(one.file_name) for one in variants}
        missing = [variant for variant in variants if cached[variant.file_name] is None]
        futures = self._join(source, missing)
        made = {name: future.result() for name, future in futures.items()}
        return {name: made[name] if data is None else data for name, data in cached.items()}

    def _join(self, source: Path, variants: Sequence[Variant]) -> dict[str, Future[bytes]]:
        """The futures of variants. Makes those that nobody else is making."""
        key = source, variants[0].picture.sha256 if variants else ""
        with self._lock:
            new = [variant for variant in variants if variant.file_name not in self._futures]
            self._futures.update((variant.file_name, Future()) for variant in new)
            if new:
                self._wanted.setdefault(key, []).extend(new)
            joined = {one.file_name: self._futures[one.file_name] for one in variants}
        if new:
            self._make_wanted(key)
        return joined

    def _make_wanted(self, key: tuple[Path, str]) -> None:
        """Make what is wanted of a source once an encoder is free, and wake who waits for it."""
        taken: list[Variant] = []

        def take() -> EncodingJob:
            with self._lock:
                taken.extend(self._wanted.pop(key, ()))
            if not taken:
                raise _NothingWantedError
            return EncodingJob.of(key[0], taken, self._settings)

        try:
            self._land(taken, self._pool.make_next(take))
        except _NothingWantedError:
            pass  # another thread has taken it along
        except BaseException as error:  # whatever it is, it must wake them
            self._fail(taken, error)

    def _land(self, taken: Sequence[Variant], result: EncodingResult) -> None:
        """Store variants, and wake who waits. One that cannot be stored is served all the same."""
        for encoded in result.variants:
            with suppress(OSError):
                self._cache.write(encoded.file_name, encoded.data)
        data = {encoded.file_name: encoded.data for encoded in result.variants}
        with self._lock:
            self.encoded += len(data)
        for variant in taken:
            self._future(variant).set_result(data[variant.file_name])

    def _fail(self, taken: Sequence[Variant], error: BaseException) -> None:
        for variant in taken:
            self._future(variant).set_exception(error)

    def _future(self, variant: Variant) -> Future[bytes]:
        """The future of a variant, which is no longer being made."""
        with self._lock:
            return self._futures.pop(variant.file_name)


class _NothingWantedError(Exception):
    """All that was wanted of a picture is being made."""
