"""Recordings of data: one file of JSON for each request, to read, to edit and to replay.

    {
      "source": "posts",
      "path": "/posts/ana/hello",
      "status": 200,
      "json": {"title": "Hello"}
    }

A failure is not recorded: the last good answer stays. A request for a draft has a file of its own.
"""

from __future__ import annotations

import json
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.runtime.rounds import BringData

_SHOWN_LENGTH = 80
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._=-]+")


class RecordingShell:
    """Asks through another shell, and writes what it brings into a folder."""

    def __init__(self, bring: BringData, folder: Path) -> None:
        self._bring = bring
        self._folder = folder

    def bring(self, requests: Iterable[DataRequest]) -> dict[DataRequest, DataAnswer]:
        """Bring and record all answers."""
        answers = dict(self._bring(requests))
        for request, answer in answers.items():
            if not answer.problem:
                self._write(request, answer)
        return answers

    def _write(self, request: DataRequest, answer: DataAnswer) -> None:
        """Write in one step: a replay may read at the same time."""
        path = self._folder / recording_name(request)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(_values(request) | _content(answer), ensure_ascii=False, indent=2)
        unfinished = path.with_suffix(f".{os.getpid()}-{id(answer)}.part")
        unfinished.write_text(f"{text}\n", "utf-8", newline="\n")
        unfinished.replace(path)


class ReplayShell:
    """Answers from recordings, without a network."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def bring(self, requests: Iterable[DataRequest]) -> dict[DataRequest, DataAnswer]:
        """The recorded answers. A request without a recording has a `problem`."""
        return {request: self._answer(request) for request in requests}

    def _answer(self, request: DataRequest) -> DataAnswer:
        path = self._folder / recording_name(request)
        try:
            return _recorded(json.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            problem = f"{request}: there is no recording {path}"
        except OSError as error:
            problem = f"{request}: the recording {path} cannot be read: {error.strerror}"
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            problem = f"{request}: the recording {path} is damaged: {error!r}"
        return DataAnswer(0, problem=problem)


def recording_name(request: DataRequest) -> str:
    """The file of a request: `posts/posts-ana-hello.3f1c2d4e5a6b.json`."""
    values = _values(request)
    digest = sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:12]
    asked = request.path or "-".join([request.query, *(str(one) for _, one in request.values)])
    shown = _NOT_IN_NAMES.sub("-", asked)[:_SHOWN_LENGTH].strip("-.")
    folder = _NOT_IN_NAMES.sub("-", request.source).strip("-.")
    return f"{folder or '-'}/{shown or 'root'}{'.draft' * request.is_draft}.{digest}.json"


def _values(request: DataRequest) -> dict[str, Any]:
    """What a person must know of a request, in the order in which they look for it."""
    values: dict[str, Any] = {"source": request.source}
    if request.query:
        values |= {"query": request.query, "values": dict(request.values)}
    else:
        values["path"] = request.path
    return values | ({"is_draft": True} if request.is_draft else {})


def _content(answer: DataAnswer) -> dict[str, Any]:
    """The body as JSON if it is JSON, as text if it is that, or in Base64."""
    values: dict[str, Any] = {"status": answer.status}
    try:
        text = answer.body.decode("utf-8")
    except UnicodeDecodeError:
        return values | {"base64": b64encode(answer.body).decode()}
    try:
        content = json.loads(text)
        json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):  # or half a surrogate, or more than a float can be
        return values | ({"text": text} if text else {})
    return values | {"json": content}


def _recorded(values: dict[str, Any]) -> DataAnswer:
    status = int(values["status"])
    if "json" in values:
        body = json.dumps(values["json"], ensure_ascii=False).encode()
    elif "base64" in values:
        body = b64decode(values["base64"], validate=True)
    else:
        body = str(values.get("text", "")).encode()
    return DataAnswer(status, body)
