"""The page of one's own posts: drafts, what is scheduled, what is published."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import RedirectResponse, Response

from blog.accounts import limits
from blog.endpoint import Access, Call, Endpoint, Format
from blog.moderation import decisions
from blog.pages.shell import page, text
from blog.posts import own_posts, writing

PATH = "/account/posts"
POSTS_OF_A_PAGE = 50
_DONE = {
    "publish": "The post is published.",
    "schedule": "The post is scheduled.",
    "unpublish": "Nobody but you sees the post any more.",
    "delete": "The post is deleted.",
}


def _posts(call: Call) -> Response:
    query = call.request.query_params
    number = _number(query.get("page", ""))
    with call.platform.database.reading() as connection:
        offset = (number - 1) * POSTS_OF_A_PAGE
        found = own_posts.all_of(connection, call.account.id, POSTS_OF_A_PAGE, offset)
        total = own_posts.count(connection, call.account.id)
        hidden = [post.id for post in found if post.is_hidden]
        reasons = {post: decisions.reason_of_hiding(connection, post) for post in hidden}
    done = query.get("done", "")
    changed = next((post for post in found if post.id == query.get("post")), None)
    return page(
        call,
        "posts.html",
        "My posts",
        posts=found,
        reasons=reasons,
        number=number,
        pages=max(1, -(-total // POSTS_OF_A_PAGE)),
        note=_DONE.get(done, ""),
        changed=changed if done in {"publish", "schedule"} else None,
    )


def _number(told: str) -> int:
    is_number = told.isascii() and told.isdigit() and len(told) < 5
    return max(1, int(told)) if is_number else 1


def _unpublish(call: Call) -> Response:
    limits.check(call, "write")
    writing.unpublish(call.platform, call.account, text(call.values, "post"))
    return RedirectResponse(f"{PATH}?done=unpublish", 303)


def _ask_to_delete(call: Call) -> Response:
    post = writing.own_post(call.platform, call.account, call.request.query_params.get("post", ""))
    return page(call, "delete_post.html", "Delete a post", post=post)


def _delete(call: Call) -> Response:
    limits.check(call, "write")
    writing.delete(call.platform, call.account, text(call.values, "post"))
    return RedirectResponse(f"{PATH}?done=delete", 303)


def _html(
    method: str, path: str, access: Access, handler: Callable[[Call], Response], summary: str
) -> Endpoint:
    return Endpoint(method, PATH + path, access, handler, summary, Format.HTML)


ENDPOINTS = (
    _html("GET", "", Access.AUTHOR, _posts, "My posts."),
    _html("POST", "/unpublish", Access.OWNER, _unpublish, "Take a post of mine away."),
    _html("GET", "/delete", Access.OWNER, _ask_to_delete, "Asks whether to delete a post."),
    _html("POST", "/delete", Access.OWNER, _delete, "Delete a post of mine."),
)
