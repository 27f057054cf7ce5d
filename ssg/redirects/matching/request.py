"""A request as redirect rules see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from ssg.redirects.matching.roles import COOKIE, roles_of
from ssg.redirects.rule import NameValuePairs


@dataclass(frozen=True, slots=True)
class RedirectRequest:
    """The parts of a request on which rules depend."""

    path: str
    """The URL path as the client sent it: percent-encoded, without the query."""
    query: NameValuePairs = ()
    """Decoded query parameters, in order."""
    cookies: Mapping[str, str] = field(default_factory=dict)
    country: str | None = None
    """Two letters, in upper or lower case."""
    language: str | None = None
    """The first language of `Accept-Language`; the others have no effect."""
    roles: frozenset[str] = frozenset()
    origin: str | None = None
    """`https://example.com`, for rules that name a host."""


def read_request(
    path: str,
    query: str,
    headers: Mapping[str, str],
    *,
    origin: str | None = None,
    country: str | None = None,
    jwt_secret: str = "",
    now_seconds: float = 0.0,
) -> RedirectRequest:
    """Read a request. Path and query are percent-encoded, names of headers in lower case.

    The cookies `nf_lang` and `nf_country` win over the browser's language and its country.
    Source: https://docs.netlify.com/manage/routing/redirects/redirect-options/
    (redirect by country or language).
    """
    cookies = read_cookies(headers.get("cookie", ""))
    language = headers.get("accept-language", "").split(",")[0].split(";")[0].strip()
    return RedirectRequest(
        path=path,
        query=read_query(query),
        cookies=cookies,
        country=cookies.get("nf_country") or country,
        language=cookies.get("nf_lang") or language or None,
        roles=roles_of(cookies.get(COOKIE, ""), jwt_secret, now_seconds),
        origin=origin,
    )


def read_query(query: str) -> NameValuePairs:
    """Decode the parameters of a query, in their order."""
    return tuple(parse_qsl(query, keep_blank_values=True)) if query else ()


def read_cookies(header: str) -> dict[str, str]:
    """Read a `Cookie` header (RFC 6265, section 4.2.1). Of equal names, the first counts."""
    pairs = [part.strip().partition("=") for part in header.split(";") if "=" in part]
    return {name.strip(): value.strip().strip('"') for name, _, value in reversed(pairs)}
