"""What authors do with their posts, for the pages of the site and for programs."""

from __future__ import annotations

from typing import Any

from markupsafe import escape
from starlette.responses import JSONResponse, Response, StreamingResponse

from blog.api.public_json import whole_number
from blog.api.schemas import COUNT, TEXT, TIME, array, or_null, table, whole
from blog.clock import time_of_text
from blog.endpoint import Access, Call, Endpoint, Format
from blog.posts import export, markdown, own_posts, writing
from blog.posts.content import PostContent, checked_content
from blog.posts.own_posts import OwnPost
from blog.refusal import invalid

MAX_BODY_BYTES = 2_000_000
"""A text of the greatest length, with all of its characters written as escapes of JSON."""

_REVISION = {"type": "integer", "minimum": 1}
_STATUS = {"enum": ["draft", "scheduled", "published", "unpublished"]}
_CONTENT = {
    "title": TEXT,
    "text": TEXT,
    "tags": array(TEXT),
    "description": TEXT,
    "slug": TEXT,
}
_FACTS = {
    "id": TEXT,
    "user": TEXT,
    "status": _STATUS,
    "hidden": {"type": "boolean"},
    "revision": _REVISION,
    "changed": {"type": "boolean"},
    "address": or_null(TEXT),
    "created_at": TIME,
    "saved_at": or_null(TIME),
    "publish_at": or_null(TIME),
    "published_at": or_null(TIME),
    "edited_at": or_null(TIME),
    "reads": COUNT,
}
_OWN_POST = table(**_CONTENT, **_FACTS)
_LISTED = table(**{name: schema for name, schema in _CONTENT.items() if name != "text"}, **_FACTS)

_LIMIT = whole(1, 100, 50)
_OFFSET = whole(0, 1_000_000, 0)


def own_post_value(user: str, post: OwnPost) -> dict[str, Any]:
    """What the editor shows, and the state of the post."""
    return {**_content_value(post.shown), **_facts(user, post)}


def _content_value(content: PostContent) -> dict[str, Any]:
    return {
        "title": content.title,
        "text": content.text,
        "tags": content.tags,
        "description": content.description,
        "slug": content.slug,
    }


def _facts(user: str, post: OwnPost) -> dict[str, Any]:
    is_visible = post.status == "published" and not post.is_hidden
    return {
        "id": post.id,
        "user": user,
        "status": post.status,
        "hidden": post.is_hidden,
        "revision": post.revision,
        "changed": post.draft is not None,
        "address": f"/{user}/{post.content.slug}/" if is_visible else None,
        "created_at": post.created_at,
        "saved_at": post.saved_at,
        "publish_at": post.publish_at,
        "published_at": post.published_at,
        "edited_at": post.edited_at,
        "reads": post.reads,
    }


def _answer(call: Call, post: OwnPost, status: int = 200) -> Response:
    return JSONResponse(own_post_value(call.account.name, post), status)


def _list(call: Call) -> Response:
    limit, offset = whole_number(call, "limit", _LIMIT), whole_number(call, "offset", _OFFSET)
    with call.platform.database.reading() as connection:
        found = own_posts.all_of(connection, call.account.id, limit, offset)
        total = own_posts.count(connection, call.account.id)
    items = [own_post_value(call.account.name, post) for post in found]
    for item in items:
        del item["text"]
    return JSONResponse({"items": items, "total": total})


def _create(call: Call) -> Response:
    content = checked_content(call.values)
    key = call.values.get("key", "")
    return _answer(call, writing.create(call.platform, call.account, content, key), 201)


def _read(call: Call) -> Response:
    return _answer(call, writing.own_post(call.platform, call.account, call.parameters["id"]))


def _save(call: Call) -> Response:
    post, revision = call.parameters["id"], call.values["revision"]
    writing.own_post(call.platform, call.account, post)
    content = checked_content(call.values)
    return _answer(call, writing.save_draft(call.platform, call.account, post, content, revision))


def _publish(call: Call) -> Response:
    post, revision = call.parameters["id"], call.values["revision"]
    at = _time(call.values.get("at"))
    return _answer(call, writing.publish(call.platform, call.account, post, revision, at))


def _time(text: str | None) -> float | None:
    try:
        return time_of_text(text) if text else None
    except ValueError:
        raise invalid({"at": "This is not a time such as 2026-11-30T11:15:57Z."}) from None


def _unpublish(call: Call) -> Response:
    return _answer(call, writing.unpublish(call.platform, call.account, call.parameters["id"]))


def _delete(call: Call) -> Response:
    writing.delete(call.platform, call.account, call.parameters["id"])
    return Response(None, 204)


def _preview(call: Call) -> Response:
    content = checked_content({"title": call.values.get("title", ""), "text": call.values["text"]})
    html = markdown.preview_of(content.text)
    return JSONResponse({"title": str(escape(content.title)), "html": html})


def _export(call: Call) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{call.account.name}.zip"'}
    pieces = export.export(call.platform, call.account)
    return StreamingResponse(pieces, 200, headers, "application/zip")


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/me/posts",
        Access.AUTHOR,
        _list,
        "Your posts and drafts, those that were begun last first, without their texts.",
        query={"limit": _LIMIT, "offset": _OFFSET},
        answer=table(items=array(_LISTED), total=COUNT),
    ),
    Endpoint(
        "POST",
        "/api/me/posts",
        Access.AUTHOR,
        _create,
        "Begin a post. Without `slug`, its address is made of the title. What is sent twice with "
        "the same `key` begins one post.",
        body=table([*_CONTENT, "key"], **_CONTENT, key={"type": "string", "maxLength": 100}),
        answer=_OWN_POST,
        status=201,
        max_body_bytes=MAX_BODY_BYTES,
        limit="write",
    ),
    Endpoint(
        "GET",
        "/api/me/posts/{id}",
        Access.OWNER,
        _read,
        "A post with what the editor shows: the draft, or else what is published.",
        answer=_OWN_POST,
    ),
    Endpoint(
        "PUT",
        "/api/me/posts/{id}/draft",
        Access.OWNER,
        _save,
        "Save a draft. 409 if `revision` is an old one.",
        body=table(["slug", "description", "tags"], **_CONTENT, revision=_REVISION),
        answer=_OWN_POST,
        max_body_bytes=MAX_BODY_BYTES,
        limit="write",
    ),
    Endpoint(
        "POST",
        "/api/me/posts/{id}/publish",
        Access.OWNER,
        _publish,
        "Publish what the editor shows, now or `at` a time. 409 if `revision` is an old one.",
        body=table(["at"], revision=_REVISION, at=or_null(TEXT)),
        answer=_OWN_POST,
        limit="write",
    ),
    Endpoint(
        "POST",
        "/api/me/posts/{id}/unpublish",
        Access.OWNER,
        _unpublish,
        "Take a post away from visitors, or from the schedule.",
        answer=_OWN_POST,
        limit="write",
    ),
    Endpoint(
        "DELETE",
        "/api/me/posts/{id}",
        Access.OWNER,
        _delete,
        "Delete a post.",
        status=204,
        limit="write",
    ),
    Endpoint(
        "POST",
        "/api/preview",
        Access.AUTHOR,
        _preview,
        "The HTML that a text has on its page, and its title with escapes for HTML.",
        body=table(["title"], title=TEXT, text=TEXT),
        answer=table(title=TEXT, html=TEXT),
        max_body_bytes=MAX_BODY_BYTES,
        limit="preview",
    ),
    Endpoint(
        "GET",
        "/api/me/export",
        Access.AUTHOR,
        _export,
        "All that you have written, as a site of ssg in a ZIP file.",
        Format.BYTES,
        limit="export",
        media_type="application/zip",
    ),
)
