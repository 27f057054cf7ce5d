"""Encoders of tests that are not about processes: starting one takes longer than small pictures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ssg.images.encoder_pool import EncoderPool
from ssg.images.encoding_job import EncodingJob, EncodingResult
from ssg.images.run_job import run_job


def encode_in_process(patch: pytest.MonkeyPatch) -> None:
    """Let pools of encoders do their jobs in this process."""

    def make_next(_pool: EncoderPool, next_job: Callable[[], EncodingJob]) -> EncodingResult:
        return run_job(next_job(), 1_000_000)

    patch.setattr(EncoderPool, "make_next", make_next)
