"""Requests and answers of a function URL (payload format 2.0).

Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html. `rawPath` is
percent-encoded, as the client sent it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ssg.runtime.http import Response


@dataclass(frozen=True, slots=True)
class FunctionRequest:
    """A request. Names of headers are in lower case; `cookie` is one of them."""

    method: str
    path: str
    """Percent-encoded."""
    query: str
    headers: Mapping[str, str]


def read_event(event: Mapping[str, Any]) -> FunctionRequest:
    """Read an event. Raises LookupError or TypeError if it is something else."""
    headers = {str(name).lower(): str(value) for name, value in event.get("headers", {}).items()}
    if cookies := event.get("cookies"):
        headers["cookie"] = "; ".join(cookies)
    return FunctionRequest(
        str(event["requestContext"]["http"]["method"]).upper(),
        str(event["rawPath"]),
        str(event.get("rawQueryString", "")),
        headers,
    )


def to_payload(response: Response, method: str) -> dict[str, Any]:
    """The answer as Lambda expects it. The answer to HEAD has no body, but its length."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    if response.status != 304:
        headers["content-length"] = str(len(response.body))
    body = b"" if method == "HEAD" else response.body
    return {
        "statusCode": response.status,
        "headers": headers,
        "body": base64.b64encode(body).decode("ascii"),
        "isBase64Encoded": True,
    }
