"""What Netlify's two kinds of functions can do.

Sources: Netlify docs, On-demand Builders; Functions, "Default deployment options"; Caching
overview. Both buffer an answer, of 6 MB at most.
"""

from __future__ import annotations

from ssg.model.capabilities import Capabilities

BODY_BYTES = 6_000_000

BUILDER = Capabilities(
    "Netlify's On-demand Builders",
    dialect="builder",
    least_ttl_seconds=60,
    stale_seconds=60,
    serves_any_stale=True,
    seconds=10.0,
    body_bytes=BODY_BYTES,
    pages=10_000,
)
"""They refresh an expired answer in the background, once in 60 seconds."""

FUNCTION = Capabilities(
    "Netlify Functions",
    dialect="netlify",
    tags=500,
    keeps_if_asked=True,
    has_query_in_key=True,
    seconds=60.0,
    body_bytes=BODY_BYTES,
)
"""`Netlify-Vary` takes the query out of the key, and `Netlify-Cache-ID` keeps answers."""

CAPABILITIES = {"builder": BUILDER, "function": FUNCTION}
"""By `kind` of the target."""
