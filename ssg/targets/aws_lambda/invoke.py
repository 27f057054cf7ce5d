"""Runs the function in a folder for `ssg verify`: python invoke.py FUNCTION/site.db.

It speaks the protocol of `ssg.targets.bundles.pyodide.local_function`. The code is that of the
function; compiled packages are those of this Python, if the function is for another machine.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import astuple
from importlib import import_module
from pathlib import Path
from typing import Any

_OF_THE_BODY = frozenset({"content-length", "etag"})


def _answers(folder: Path) -> Iterator[dict[str, Any]]:
    with suppress(ImportError):  # that of the function may be compiled for another Python
        import_module("backports.zstd")
    here = str(Path(__file__).parent)
    sys.path[:] = [str(folder), *(path for path in sys.path if path != here)]
    from ssg.targets.aws_lambda.handler import answer  # noqa: PLC0415 that of the function

    for line in sys.stdin:
        asked = json.loads(line)
        yield {"id": asked["id"], **_answer(answer, asked)}


def _answer(answer: Callable[[dict[str, Any]], Any], asked: dict[str, Any]) -> dict[str, Any]:
    http = {"method": asked["method"]}
    try:
        response = answer({"rawPath": asked["path"], "requestContext": {"http": http}})
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    headers = {k: v for k, v in response.headers.items() if k.lower() not in _OF_THE_BODY}
    return {
        "status": response.status,
        "headers": headers,
        "body": response.body.decode("utf-8"),
        "caching": astuple(response.caching),
    }


if __name__ == "__main__":
    for reply in _answers(Path(sys.argv[1]).parent):
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()
