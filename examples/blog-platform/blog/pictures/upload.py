"""Takes a picture of an account: decodes it, checks how much the account has, keeps it."""

from __future__ import annotations

from blog.account import Account
from blog.accounts.accounts import check_active
from blog.pictures import pictures
from blog.pictures.encoding import MAX_BYTES, Picture, PictureError, encode_picture
from blog.platform import Platform
from blog.refusal import invalid
from blog.turns import Turns

QUOTA_BYTES = 200_000_000
"""How much an account may have."""
MAX_BODY_BYTES = MAX_BYTES + 1_100_000
"""Of a form with a picture: also its texts."""

DECODING = Turns(2, 8, 20.0, "Many pictures are uploaded right now. Try it again.", 10)
"""Each picture that is decoded needs much memory."""


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
        with DECODING.turn():
            return encode_picture(upload)
    except PictureError as error:
        raise invalid({field: str(error)}) from error
