"""What the preview adds to answers of the edge: headers for authors, and the live-reload script."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import asdict, replace

from markupsafe import escape
from starlette.concurrency import run_in_threadpool

from ssg.edge.answer import EdgeAnswer
from ssg.edge.drafts.draft_bar import insert_before_body_end
from ssg.edge.events import AnswerSource
from ssg.edge.exchange import Exchange
from ssg.edge.policy import etag_of
from ssg.edge.static_files import StaticFile
from ssg.preview.deployment import preview_deployment
from ssg.preview.live_reload import SCRIPT_PATH, ShownProblem

_DEFERRED = frozenset(
    {
        AnswerSource.HIT,
        AnswerSource.STALE,
        AnswerSource.REFRESH,
        AnswerSource.MISS,
        AnswerSource.COLLAPSED,
        AnswerSource.DRAFT,
    }
)


async def decorate(exchange: Exchange, answer: EdgeAnswer) -> EdgeAnswer:
    """Add the headers, and the script if the answer is HTML (an `AnswerDecorator`)."""
    answer = replace(answer, headers={**answer.headers, **author_headers(exchange, answer)})
    content = answer.content
    if isinstance(content, StaticFile):
        if not content.is_html:
            return answer
        answer = await run_in_threadpool(_read, answer, content)
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return answer
    return _with_tag(answer, tag_for(exchange, answer))


def author_headers(exchange: Exchange, answer: EdgeAnswer) -> dict[str, str]:
    """The headers that say which build and which part of it an answer comes from."""
    headers = {"x-ssg-source": str(answer.source)}
    if exchange.deployment is not None:
        headers["x-ssg-build"] = exchange.deployment.build_id
    if answer.source in _DEFERRED:
        headers["x-ssg-page"] = "deferred"
    elif isinstance(answer.content, StaticFile) and answer.content.is_html:
        headers["x-ssg-page"] = "critical"
    return headers


def tag_for(exchange: Exchange, answer: EdgeAnswer) -> bytes:
    """The script tag of a page, with what its author is told of it."""
    problems = [ShownProblem.of_failure(answer.failure)] if answer.failure else []
    deployment = exchange.deployment
    build = preview_deployment(deployment)
    mark = build.left_out.get(exchange.path or "") if build else None
    return script_tag(deployment.build_id if deployment else None, problems, mark)


def script_tag(
    build_id: str | None, problems: Iterable[ShownProblem] = (), mark: str | None = None
) -> bytes:
    """The tag for a page of this build. `problems` are those of the page itself.

    `mark` is the reason why `ssg build` leaves the page out; the script shows it as a badge.
    """
    shown = [asdict(problem) for problem in problems]
    extra = f' data-problems="{escape(json.dumps(shown))}"' if shown else ""
    extra += f' data-mark="{escape(mark)}"' if mark else ""
    build = f'data-build="{escape(build_id or "")}"'
    return f'<script src="{SCRIPT_PATH}" {build}{extra}></script>'.encode()


def injected_etag(etag: str, tag: bytes) -> str:
    """The ETag of a page with the tag in it, which differs for each tag."""
    return f'{etag[:-1]}-{zlib.crc32(tag):08x}"'


def _read(answer: EdgeAnswer, file: StaticFile) -> EdgeAnswer:
    """An answer with the bytes of its file; another ETag than the file's, as the tag changes it."""
    body = file.path.read_bytes()
    headers = {"content-type": file.content_type, **answer.headers}
    return replace(answer, headers=headers, content=body, etag=etag_of(body))


def _with_tag(answer: EdgeAnswer, tag: bytes) -> EdgeAnswer:
    body = answer.content if isinstance(answer.content, bytes) else b""
    etag = injected_etag(answer.etag, tag) if answer.etag else ""
    return replace(answer, content=insert_before_body_end(body, tag), encoded={}, etag=etag)
