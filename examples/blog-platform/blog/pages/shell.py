"""Pages for people: a part alone, for the scripts of the site, or within the shell of the site.

Parts are made by Jinja2, which escapes all values. Nobody keeps a copy of what is personal: the
answers are `private, no-store`, as all answers without a `Cache-Control` of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import escape
from starlette.responses import HTMLResponse, Response

from blog.endpoint import PART_HEADER, Call
from blog.refusal import RefusalError

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)
_OWN_PATH = re.compile(r"/(?!/)[^\x00-\x20\x7f\\]{0,1000}")
_TITLES = {404: "Not found", 401: "Log in", 403: "Not allowed", 429: "Too many requests"}


def page(
    call: Call,
    template: str,
    title: str,
    *,
    status: int | None = None,
    error: RefusalError | None = None,
    **values: Any,
) -> Response:
    """A part in the shell of the site, or alone for a script.

    Templates have `title`, `csrf`, `session`, `error` (a RefusalError, or None), `fields` (what is
    wrong with which field) and the values of the page. The status is that of the error if none is
    given.
    """
    own = {"title": title, "csrf": call.csrf, "session": call.session, "error": error}
    fields = error.fields if error else {}
    part = _rendered(template, **own, fields=fields, **values)
    headers = dict(error.headers) if error else {}
    headers |= {"Vary": PART_HEADER, "X-Content-Type-Options": "nosniff"}
    code = status or (error.status if error else 200)
    if call.wants_part:
        return HTMLResponse(part, code, headers)
    shell = call.platform.site_shell.get()
    session = _rendered("session.html", **own) if call.session else ""
    html = shell.around(str(escape(title)), part, session)
    return HTMLResponse(html, code, {**headers, **shell.policies})


def _rendered(template: str, **values: Any) -> str:
    return _TEMPLATES.get_template(template).render(**values)


def refusal_page(call: Call, error: RefusalError) -> Response:
    """The page that says why a request is refused."""
    here = call.request.url.path
    login = f"/account/login?next={quote(here, safe='')}" if call.request.method == "GET" else ""
    title = _TITLES.get(error.status, "This did not work")
    return page(call, "refusal.html", title, error=error, login=login or "/account/login")


def own_path(told: str, default: str) -> str:
    """Where a form leads afterwards: a path of this site, never another site.

    Browsers read `//host` and `/\\host` as another host, and skip tabs and ends of lines.
    """
    return told if _OWN_PATH.fullmatch(told) else default


def text(values: Mapping[str, Any], name: str) -> str:
    """A field of a form as text; a file or a missing field is an empty one."""
    value = values.get(name, "")
    return value if isinstance(value, str) else ""
