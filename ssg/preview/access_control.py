"""Decide who may read the preview, who may read the dashboard, and who may use its actions.

The functions are pure: they take headers and addresses. The preview has no login. Two checks
keep pages of other sites out. The check of `Host` keeps them from reading drafts or the dashboard
through a host name of theirs that points to this machine (DNS rebinding). The checks of the origin
and of a token, which only the dashboard's own page contains, keep them from making the browser send
actions (cross-site request forgery).

A name in `Host` is safe if nobody else can make it point here: `localhost`, an IP address, a name
that the author has allowed. The dashboard is stricter: it answers to its own address only.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
import socket
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

SocketAddress = tuple[str, int | None]
"""A host and a port, as in ASGI's `client` and `server`."""

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^\s:/?#@\[\]\\]+)(?::([0-9]+))?")  # RFC 9110, section 7.2

PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""A request with one of these headers was forwarded from elsewhere."""


def is_local(
    headers: Mapping[str, str], client: SocketAddress | None, server: SocketAddress | None
) -> bool:
    """Whether a request comes from this machine, to a loopback address, by its own name."""
    if client is None or server is None or not (is_loopback(client[0]) and is_loopback(server[0])):
        return False
    if any(name in headers for name in PROXY_HEADERS):
        return False
    return headers.get("host", "").lower() in host_names(server)


def may_read(host: str, server: SocketAddress | None, allowed: Iterable[str] = ()) -> bool:
    """Whether a request with this `Host` may be answered at the server's address.

    At a loopback address `Host` must name a loopback address and the port. At any other address
    it may be any IP address, and the port is not checked: containers and tunnels change both.
    `allowed` are further names, in lower case; `.example.org` is every name below example.org.
    """
    found = _HOST.fullmatch(host.lower())
    if found is None:
        return False
    name, port = found[1], found[2] or "80"
    if any(name == one or (one.startswith(".") and name.endswith(one)) for one in allowed):
        return True
    at_loopback = server is not None and is_loopback(server[0])
    if at_loopback and server is not None and port != str(server[1]):
        return False
    return name == "localhost" or name.endswith(".localhost") or _is_address(name, at_loopback)


def is_host_pattern(text: str) -> bool:
    """Whether a text is a name for `allowed` of `may_read`."""
    found = _HOST.fullmatch(text.lower())
    return found is not None and found[2] is None and text != "."


def own_names(address: str) -> frozenset[str]:
    """The names of this machine by which others in its network reach a server at `address`."""
    name = socket.gethostname().lower()
    if address == "localhost" or is_loopback(address):
        return frozenset()
    return frozenset({name, f"{name.partition('.')[0]}.local"})


def _is_address(name: str, loopback_only: bool) -> bool:
    """Whether a name is an IP address. 0.0.0.0 also reaches a loopback address."""
    try:
        address = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return not loopback_only or address.is_loopback or address.is_unspecified


def host_names(server: SocketAddress) -> frozenset[str]:
    """The values of `Host` that name this address (RFC 9110, section 7.2)."""
    host, port = server
    names = ("localhost", f"[{host}]" if ":" in host else host)
    with_port = frozenset(f"{name}:{port}" for name in names)
    return with_port | frozenset(names) if port == 80 else with_port


def is_loopback(host: str) -> bool:
    """Whether an address reaches only this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_local_url(url: str) -> bool:
    """Whether the preview at this URL has a dashboard."""
    host = urlsplit(url).hostname or ""
    return host == "localhost" or is_loopback(host)


def may_act(headers: Mapping[str, str], given: str, token: str) -> bool:
    """Whether a POST comes from a page of the dashboard, by its origin and its token."""
    return is_same_origin(headers) and hmac.compare_digest(given.encode(), token.encode())


def is_same_origin(headers: Mapping[str, str]) -> bool:
    """Whether the browser says so; all browsers send `Origin` or `Sec-Fetch-Site` with a POST."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is None and site is None:
        return False
    own = f"http://{headers.get('host', '')}".lower()
    return (origin is None or origin.lower() == own) and (site is None or site == "same-origin")
