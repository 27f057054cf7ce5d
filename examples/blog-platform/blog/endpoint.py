"""The table of endpoints: what can be asked, who may ask, and what answers.

Routes, checks of access, the description in OpenAPI and the tests of access all read it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from blog.account import Account, Session
from blog.platform import Platform
from blog.refusal import RefusalError

MAX_BODY_BYTES = 1_000_000

PART_HEADER = "X-Part"
"""A script asks for the part of a page that is personal, and puts it into the page itself."""

Schema = Mapping[str, Any]
"""A JSON Schema."""


class Access(Enum):
    """Who may use an endpoint."""

    PUBLIC = "everybody"
    AUTHOR = "users who are logged in"
    OWNER = "users who are logged in, for what is their own"
    """The handler looks for the thing among those of the account: others get a 404."""
    ADMIN = "administrators"


class Format(Enum):
    """What an endpoint reads and answers."""

    JSON = "application/json"
    HTML = "text/html"
    """A page for people. Visitors who have to log in are redirected to the form for that."""
    BYTES = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Call:
    """A request that has passed the checks of its endpoint."""

    platform: Platform
    request: Request
    session: Session | None
    values: Mapping[str, Any] = field(default_factory=dict)
    """The object of JSON, or the fields of a form."""
    body: bytes = b""
    csrf: str = ""
    """The token for forms of the answer."""

    @property
    def parameters(self) -> Mapping[str, str]:
        """The placeholders of the path."""
        return self.request.path_params

    @property
    def wants_part(self) -> bool:
        """Whether a script asks for a part of a page alone."""
        return PART_HEADER in self.request.headers

    @property
    def account(self) -> Account:
        """The account that is logged in; only for endpoints that are not public."""
        if self.session is None:
            raise RuntimeError(f"{self.request.url.path} is public")
        return self.session.account

    @property
    def address(self) -> str:
        """The address of the client, for limits."""
        return self.platform.address_of(self.request)


Handler = Callable[[Call], Response]
"""Runs in a thread: it may wait for the database. Raises RefusalError."""
ShowRefusal = Callable[[Call, RefusalError], Response]
"""Makes the page of a refusal, for people."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method and a path."""

    method: str
    path: str
    """As Starlette writes it: `/api/posts/{user}/{slug}`."""
    access: Access
    handler: Handler
    summary: str
    format: Format = Format.JSON
    body: Schema | None = None
    """What the object of the request must be."""
    query: Mapping[str, Schema] = field(default_factory=dict)
    """The parameters of the query, with their limits."""
    answer: Schema | None = None
    """What the object of a successful answer is."""
    status: int = 200
    """The status of success."""
    max_body_bytes: int = MAX_BODY_BYTES
    refused: ShowRefusal | None = None
    """Shows a form again that is refused before its handler: what was typed is not lost."""
    file: str = ""
    """The field of a form that has a file. The file may be the body, too."""
    media_type: str = Format.BYTES.value
    """What bytes an answer has, if its format is `BYTES`."""
    limit: str = ""
    """A name in `accounts.limits.LIMITS`; none if the handler counts, as those of forms do."""

    @property
    def is_unsafe(self) -> bool:
        """Whether it changes something (RFC 9110, 9.2.1)."""
        return self.method not in {"GET", "HEAD"}
