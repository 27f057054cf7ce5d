"""Who may see what the preview tells of itself, and who may act in it.

Pure: headers and addresses in, a word out.
The preview has no login. What keeps others out is that a page of another site can neither read
the dashboard (the Host check defeats DNS rebinding: a name that its owner lets point to
127.0.0.1) nor make the browser act in it (origin, and a token that only its own page holds).
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

SocketAddress = tuple[str, int | None]
"""A host and a port, as ASGI has them in `client` and `server`."""

PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""Whoever sends one of these has let the request come from elsewhere."""


def is_local(
    headers: Mapping[str, str], client: SocketAddress | None, server: SocketAddress | None
) -> bool:
    """Whether a request comes from this machine, to an address that is listened on."""
    if client is None or server is None or not (is_loopback(client[0]) and is_loopback(server[0])):
        return False
    if any(name in headers for name in PROXY_HEADERS):
        return False
    return headers.get("host", "").lower() in host_names(server)


def host_names(server: SocketAddress) -> frozenset[str]:
    """What may stand in `Host` for this address (RFC 9110, section 7.2)."""
    host, port = server
    names = ("localhost", f"[{host}]" if ":" in host else host)
    with_port = frozenset(f"{name}:{port}" for name in names)
    return with_port | frozenset(names) if port == 80 else with_port


def is_loopback(host: str) -> bool:
    """Whether an address never leaves the machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_local_url(url: str) -> bool:
    """Whether the preview at this address has a dashboard."""
    host = urlsplit(url).hostname or ""
    return host == "localhost" or is_loopback(host)


def may_act(headers: Mapping[str, str], given: str, token: str) -> bool:
    """Whether a POST comes from a page of the dashboard: by its origin, and by its token."""
    return is_same_origin(headers) and hmac.compare_digest(given.encode(), token.encode())


def is_same_origin(headers: Mapping[str, str]) -> bool:
    """Whether the browser says so. Every one sends `Origin` or `Sec-Fetch-Site` with a POST."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is None and site is None:
        return False
    own = f"http://{headers.get('host', '')}".lower()
    return (origin is None or origin.lower() == own) and (site is None or site == "same-origin")
