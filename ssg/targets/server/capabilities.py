"""What `ssg start` can do: it caches itself, and a cache in front of it may do so, too."""

from __future__ import annotations

from ssg.model.capabilities import Capabilities

SERVER = Capabilities(
    "a server of ssg",
    dialect="server",
    tags=100,
    keeps_if_asked=True,
    serves_stale_after_failure=True,
    has_sockets=True,
    warms_live_pages=True,
    has_drafts=True,
    draws_cards=True,
    is_native=True,
)
"""The headers of more tags would be too long for Varnish: 16 KB for all of an answer."""
