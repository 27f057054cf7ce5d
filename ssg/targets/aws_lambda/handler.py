"""The handler of the function. The site is opened once, while Lambda starts the process.

Only this module knows the machine: the clock, the environment and the log. A failure is one line of
JSON in the log, with the path that was asked for; visitors see nothing of it.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ssg.runtime.http import Failure, Response
from ssg.runtime.respond import FAILURE_PAGE
from ssg.targets.aws_lambda.payload import read_event, to_payload
from ssg.targets.aws_lambda.served_site import ServedSite, failed

JWT_SECRET = "SSG_JWT_SECRET"  # noqa: S105 the name of the variable that holds it
FUNCTION = Path(__file__).parents[3]
"""The folder of the function."""

_site = ServedSite.open(FUNCTION, os.environ.get(JWT_SECRET, ""), os.environ)


def handle(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 Lambda's
    """Answer a request of the function URL."""
    path, method = event.get("rawPath"), "GET"
    try:
        method = read_event(event).method
        response = answer(event)
    except Exception as error:
        traceback.print_exc()
        failure = Failure(f"{type(error).__name__}: {error}")
        page = {"content-type": "text/html; charset=UTF-8"}
        response = failed(Response(500, FAILURE_PAGE.encode(), page, failure=failure))
    if response.failure:
        _log(path, response.failure)
    return to_payload(response, method)


def answer(event: Mapping[str, Any]) -> Response:
    """Answer a request, as the site does. Raises what it raises."""
    return _site.answer(read_event(event), time.time())


def _log(path: object, failure: Failure) -> None:
    said = {"level": "ERROR", "path": path, "message": failure.message}
    where = {"template": failure.template, "line": failure.line} if failure.template else {}
    sys.stderr.write(json.dumps({**said, **where}, ensure_ascii=False) + "\n")
