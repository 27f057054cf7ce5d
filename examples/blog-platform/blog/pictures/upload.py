"""Takes a picture of an account: decodes it, checks how much the account has, keeps it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from blog.account import Account
from blog.accounts.accounts import check_active
from blog.pictures import pictures
from blog.pictures.encoding import MAX_BYTES, Picture, PictureError, encode_picture
from blog.platform import Platform
from blog.refusal import RefusalError, invalid

QUOTA_BYTES = 200_000_000
"""How much an account may have."""
MAX_DECODES = 2
MAX_WAITING = 8
"""Uploads that wait for that. Further ones are refused at once, so others keep their threads."""
WAIT_SECONDS = 20.0
"""How long an upload waits for others."""
MAX_BODY_BYTES = MAX_BYTES + 1_100_000
"""Of a form with a picture: also its texts."""

_decodes = threading.BoundedSemaphore(MAX_DECODES)
_places = threading.BoundedSemaphore(MAX_DECODES + MAX_WAITING)


def keep_picture(
    platform: Platform, account: Account, upload: bytes, field: str = "file"
) -> Picture:
    """Keep an upload. Raises RefusalError; `field` is that of the form."""
    picture = _decoded(upload, field)
    with platform.database.writing() as connection:
        check_active(connection, account.id)
        if pictures.bytes_of(connection, account.id) + len(picture.data) > QUOTA_BYTES:
            quota = QUOTA_BYTES // 1_000_000
            raise invalid({field: f"Your pictures are {quota} MB together: remove some first."})
        pictures.add(connection, picture, account.id, platform.clock())
    return picture


def _decoded(upload: bytes, field: str) -> Picture:
    try:
        with _turn():
            return encode_picture(upload)
    except PictureError as error:
        raise invalid({field: str(error)}) from error


@contextmanager
def _turn() -> Iterator[None]:
    """Wait until fewer than `MAX_DECODES` pictures are decoded: each needs much memory."""
    with _acquired(_places, 0), _acquired(_decodes, WAIT_SECONDS):
        yield


@contextmanager
def _acquired(semaphore: threading.BoundedSemaphore, seconds: float) -> Iterator[None]:
    if not semaphore.acquire(timeout=seconds):
        raise RefusalError(
            503,
            "Many pictures are uploaded right now. Try it again.",
            headers={"Retry-After": "10"},
        )
    try:
        yield
    finally:
        semaphore.release()
