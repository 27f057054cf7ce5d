"""The page where a post is written. It works without scripts; `editor.js` adds to it.

Whatever goes wrong, the form comes back with all that was typed: also if the session has ended, or
somebody has saved the post in another window.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

from starlette.responses import RedirectResponse, Response

from blog.accounts import limits
from blog.api.pictures import PREFIX as MEDIA
from blog.endpoint import Access, Call, Endpoint, Format
from blog.moderation import decisions
from blog.pages import writing_form
from blog.pages.shell import page, text
from blog.pages.writing_form import LABELS, WritingForm, has_automatic_slug, shown, typed
from blog.pictures.upload import MAX_BODY_BYTES, keep_picture
from blog.posts import markdown, own_posts, writing
from blog.posts.content import MAX_DESCRIPTION, MAX_TAGS, MAX_TITLE, checked_content
from blog.posts.own_posts import OwnPost
from blog.posts.slug import MAX_LENGTH as MAX_SLUG
from blog.refusal import RefusalError
from ssg.render.markdown.untrusted.limits import MAX_LENGTH as MAX_TEXT

PATH = "/account/write"
_DONE = {"save": "The draft is saved.", "picture": "The picture is at the end of the text."}
_LIMITS = {
    "title": MAX_TITLE,
    "description": MAX_DESCRIPTION,
    "text": MAX_TEXT,
    "tags": MAX_TAGS,
    "slug": MAX_SLUG,
}


def _write(call: Call) -> Response:
    query = call.request.query_params
    if not query.get("post"):
        return _show(call, WritingForm(key=secrets.token_hex(10)), None)
    post = _post_of(call, query["post"])
    return _show(call, shown(post), post, note=_DONE.get(query.get("done", ""), ""))


def _post_of(call: Call, name: str) -> OwnPost:
    """A post of one's own by its id, or by the last part of its address."""
    with call.platform.database.reading() as connection:
        known = own_posts.id_of_slug(connection, call.account.id, name)
    return writing.own_post(call.platform, call.account, known or name)


def _submit(call: Call) -> Response:
    """One of the buttons of the form."""
    form = typed(call.values)
    action = text(call.values, "do") or "save"
    try:
        limits.check(call, "preview" if action == "preview" else "write")
        form = _with_picture(call, form)
        if action == "preview":
            return _show(call, form, _stored(call, form), preview=markdown.preview_of(form.text))
        at = writing_form.time_of(form, call.platform.clock()) if action == "schedule" else None
        saved = _save(call, form)
        form = replace(form, post=saved.id, revision=str(saved.revision))
        if action in {"publish", "schedule"}:
            _publish(call, saved, at)
            return RedirectResponse(f"/account/posts?done={action}&post={saved.id}", 303)
    except RefusalError as error:
        return _show(call, form, _stored(call, form), error=error)
    return RedirectResponse(f"{PATH}?post={saved.id}&done={action}", 303)


def _with_picture(call: Call, form: WritingForm) -> WritingForm:
    """The form with the picture that was chosen at the end of its text."""
    file = call.values.get("picture")
    if not getattr(file, "filename", ""):
        if text(call.values, "do") == "picture":
            raise RefusalError(422, "Please choose a picture.", {"picture": "Choose a file."})
        return form
    limits.check(call, "picture")
    picture = keep_picture(call.platform, call.account, file.file.read(), "picture")  # type: ignore[union-attr] # it has a name: a file
    line = writing_form.picture_markdown(form.alt, MEDIA + picture.name)
    before = form.text.rstrip()
    return replace(form, text=f"{before}\n\n{line}\n" if before else f"{line}\n", alt="")


def _save(call: Call, form: WritingForm) -> OwnPost:
    content = checked_content(form.content)
    if not form.post:
        return writing.create(call.platform, call.account, content, form.key)
    revision = form.known_revision
    return writing.save_draft(call.platform, call.account, form.post, content, revision)


def _publish(call: Call, saved: OwnPost, at: float | None) -> None:
    """Publish what was saved, unless the same form has just done so: it was submitted twice."""
    try:
        writing.publish(call.platform, call.account, saved.id, saved.revision, at)
    except RefusalError as error:
        present = writing.own_post(call.platform, call.account, saved.id)
        is_done = present.status in {"published", "scheduled"} and present.content == saved.shown
        if error.status != 409 or present.draft or not is_done:
            raise


def _stored(call: Call, form: WritingForm) -> OwnPost | None:
    """The post as it is stored, if there is one that belongs to whom the form is shown."""
    if not form.post or call.session is None:
        return None
    with call.platform.database.reading() as connection:
        return own_posts.find(connection, call.account.id, form.post)


def _refused(call: Call, error: RefusalError) -> Response:
    """The form again, if it was refused before its handler: who has written is logged out."""
    form = typed(call.values)
    stored = _stored(call, form) if error.status < 500 else None
    return _show(call, form, stored, error=_explained(error))


def _explained(error: RefusalError) -> RefusalError:
    if error.status == 401:
        words = "You are not logged in any more. Log in in another window, and save again here."
    elif error.status == 403:
        words = "You have logged in again since this page was loaded. Save once more."
    else:
        return error
    return RefusalError(error.status, words)


def _show(
    call: Call,
    form: WritingForm,
    post: OwnPost | None,
    *,
    preview: str | None = None,
    error: RefusalError | None = None,
    note: str = "",
) -> Response:
    other = None
    if error and error.status == 409 and post:
        other, form = post.shown, replace(form, revision=str(post.revision))
        error = RefusalError(409, error.message)
    return page(
        call,
        "write.html",
        "Edit" if form.post else "Write",
        error=error,
        form=form,
        post=post,
        address=_address(call, post),
        hidden=_reason_of_hiding(call, post),
        preview=preview,
        other=other,
        note=note,
        labels=LABELS,
        limits=_LIMITS,
    )


def _address(call: Call, post: OwnPost | None) -> str:
    """The address that a post has or is going to have, if its title does not decide that."""
    if post is None or has_automatic_slug(post):
        return ""
    return f"/{call.account.name}/{post.shown.slug}/"


def _reason_of_hiding(call: Call, post: OwnPost | None) -> str | None:
    if post is None or not post.is_hidden:
        return None
    with call.platform.database.reading() as connection:
        return decisions.reason_of_hiding(connection, post.id)


ENDPOINTS = (
    Endpoint("GET", PATH, Access.AUTHOR, _write, "The form to write a post.", Format.HTML),
    Endpoint(
        "POST",
        PATH,
        Access.AUTHOR,
        _submit,
        "Save, preview, publish or schedule a post.",
        Format.HTML,
        max_body_bytes=MAX_BODY_BYTES,
        refused=_refused,
    ),
)
