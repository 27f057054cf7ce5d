"""Uploads of pictures, and the pictures themselves."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from blog.api.schemas import COUNT, TEXT, TIME, array, table
from blog.endpoint import Access, Call, Endpoint, Format
from blog.pictures import pictures
from blog.pictures.encoding import MEDIA_TYPE, Picture
from blog.pictures.upload import DECODING, MAX_BODY_BYTES, keep_picture
from blog.pictures.variants import resize_picture, variant_of
from blog.refusal import invalid, not_found

_PICTURE = table(url=TEXT, width=COUNT, height=COUNT, bytes=COUNT, uploaded_at=TIME)
PREFIX = "/media/"
_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
}
"""A name is the digest of what it names. Should a browser open a picture as a page after all, it
may do nothing."""
_TAG_HEADERS = ("Surrogate-Key", "Netlify-Cache-Tag")
"""Caches in front forget a picture that is removed. Browsers that have it may keep it."""


def _upload(call: Call) -> Response:
    picture = keep_picture(call.platform, call.account, uploaded(call))
    return JSONResponse(description(picture), 201)


def uploaded(call: Call, field: str = "file") -> bytes:
    """The bytes of a file of a form, or of the body. Raises RefusalError."""
    kind = call.request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        return call.body
    file = getattr(call.values.get(field), "file", None)
    if file is None:
        raise invalid({field: "Choose a file."})
    data: bytes = file.read()
    return data


def description(picture: Picture) -> dict[str, object]:
    """What the editor needs to know of a picture."""
    return {"url": PREFIX + picture.name, "width": picture.width, "height": picture.height}


def _mine(call: Call) -> Response:
    with call.platform.database.reading() as connection:
        rows = pictures.of_account(connection, call.account.id)
    items = [
        {
            "url": PREFIX + row["name"],
            "width": row["width"],
            "height": row["height"],
            "bytes": row["size"],
            "uploaded_at": row["uploaded_at"],
        }
        for row in rows
    ]
    return JSONResponse({"items": items})


def _remove(call: Call) -> Response:
    with call.platform.database.writing() as connection:
        if not pictures.remove(connection, call.platform, call.account.id, call.parameters["name"]):
            raise not_found()
    return Response(status_code=204)


def _media(call: Call) -> Response:
    name = call.parameters["name"]
    etag = f'"{name}"'
    variant = variant_of(name)
    picture, width = variant or (name, 0)
    with call.platform.database.reading() as connection:
        data = pictures.find(connection, picture)
    if data is None:
        raise not_found()
    tag = pictures.cache_tag(picture)
    headers = {**_HEADERS, **dict.fromkeys(_TAG_HEADERS, tag), "ETag": etag}
    if call.request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    if width:
        with DECODING.turn():
            data = resize_picture(data, width)
    return Response(data, media_type=MEDIA_TYPE, headers=headers)


ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/me/pictures",
        Access.AUTHOR,
        _upload,
        "Upload a picture: the field `file` of a form, or the body.",
        file="file",
        answer=table(url=TEXT, width=COUNT, height=COUNT),
        limit="picture",
        status=201,
        max_body_bytes=MAX_BODY_BYTES,
    ),
    Endpoint(
        "GET",
        "/api/me/pictures",
        Access.AUTHOR,
        _mine,
        "My pictures.",
        answer=table(items=array(_PICTURE)),
    ),
    Endpoint(
        "DELETE",
        "/api/me/pictures/{name}",
        Access.OWNER,
        _remove,
        "Remove a picture of mine.",
        limit="write",
        status=204,
    ),
    Endpoint(
        "GET",
        "/media/{name}",
        Access.PUBLIC,
        _media,
        "A picture of a post, also in the widths that pages name.",
        format=Format.BYTES,
        media_type=MEDIA_TYPE,
    ),
)
