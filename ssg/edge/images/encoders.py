"""The encoder processes of a server, and the folder of variants: both outlive builds."""

from __future__ import annotations

import threading
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile

from ssg.images.encoder_pool import EncoderPool
from ssg.images.variant_cache import VariantCache
from ssg.model.errors import Problem, ServeError

END_SECONDS = 2.0
"""A variant that takes longer when the server ends is not waited for."""


class Encoders:
    """One pool of processes at a time; another limit of pixels makes another one."""

    def __init__(self, folder: Path, processes: int, seconds: float) -> None:
        """`seconds` is the longest time for a variant."""
        self.cache = VariantCache(folder)
        self._processes = processes
        self._seconds = seconds
        self._pool: tuple[int, EncoderPool] | None = None

    def pool(self, max_pixels: int) -> EncoderPool:
        """The pool with a limit of pixels. Its processes start with the first picture."""
        if self._pool is None or self._pool[0] != max_pixels:
            self.close()
            self._pool = max_pixels, EncoderPool(self._processes, self._seconds, max_pixels)
        return self._pool[1]

    @property
    def unwritable(self) -> str:
        """Why the folder of variants cannot be written; empty if it can."""
        try:
            self.cache.folder.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=self.cache.folder):
                return ""
        except OSError as error:
            return error.strerror or str(error)

    def warm(self) -> None:
        """Start a process before the first picture needs it."""
        if self._pool is not None:
            self._pool[1].warm()

    def close(self) -> None:
        """End all processes. One that is busy for long ends when this process does."""
        if self._pool is not None:
            closing = threading.Thread(target=self._pool[1].close, daemon=True)
            closing.start()
            closing.join(END_SECONDS)
            self._pool = None


def check_installed() -> None:
    """Raise ServeError if Pillow is not installed."""
    if find_spec("PIL") is None:
        rule = 'a rule with kind = "image" and deferred = false'
        hint = f'Run pip install "ssg[images]", or let the build make all variants: {rule}'
        message = "this site has variants of pictures that are made on request; that needs Pillow"
        raise ServeError(Problem(message, hint=hint))
