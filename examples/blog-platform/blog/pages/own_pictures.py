"""The page of one's own pictures, where they can be removed."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from blog.api.pictures import PREFIX
from blog.endpoint import Access, Call, Endpoint, Format
from blog.pages.shell import page, text
from blog.pictures import pictures
from blog.pictures.upload import QUOTA_BYTES
from blog.refusal import not_found

PATH = "/account/pictures"
PICTURES_OF_A_PAGE = 60


def _pictures(call: Call) -> Response:
    query = call.request.query_params
    with call.platform.database.reading() as connection:
        rows = pictures.of_account(connection, call.account.id)
    used = sum(row["size"] for row in rows)
    shown = rows if query.get("all") else rows[:PICTURES_OF_A_PAGE]
    return page(
        call,
        "pictures.html",
        "My pictures",
        pictures=shown,
        more=len(rows) - len(shown),
        prefix=PREFIX,
        used=f"{used / 1_000_000:.1f}",
        quota=QUOTA_BYTES // 1_000_000,
        note="The picture is removed." if query.get("done") else "",
    )


def _remove(call: Call) -> Response:
    with call.platform.database.writing() as connection:
        if not pictures.remove(
            connection, call.platform, call.account.id, text(call.values, "name")
        ):
            raise not_found("You have no such picture.")
    return RedirectResponse(f"{PATH}?done=remove", 303)


ENDPOINTS = (
    Endpoint("GET", PATH, Access.AUTHOR, _pictures, "My pictures.", Format.HTML),
    Endpoint(
        "POST",
        f"{PATH}/remove",
        Access.OWNER,
        _remove,
        "Remove a picture of mine.",
        Format.HTML,
        status=303,
        limit="write",
    ),
)
