"""What Vercel's two kinds of functions can do.

Sources: Vercel docs, Incremental Static Regeneration; Cache-Control headers; Purging CDN cache;
Functions, Limits. Both buffer an answer, of 4.5 MB at most, and each deploy has a cache of its own.
"""

from __future__ import annotations

from ssg.model.capabilities import Capabilities

BODY_BYTES = 4_500_000
SECONDS = 60.0
"""Every plan allows as much; `.vc-config.json` asks for it."""

PRERENDER = Capabilities(
    "Vercel's Prerender functions",
    dialect="prerender",
    seconds=SECONDS,
    body_bytes=BODY_BYTES,
)
"""They are configured by their time to live: there is one for each. No query is in the key. Vercel
does not document tags of their answers, so they count as untagged."""

FUNCTION = Capabilities(
    "Vercel Functions",
    dialect="vercel",
    tags=128,
    has_soft_purge=True,
    has_query_in_key=True,
    seconds=SECONDS,
    body_bytes=BODY_BYTES,
)
"""The whole query is in the key, and no header takes it out. Vercel does not document how many tags
an answer can have; 128 is the limit of its own framework, which uses the same cache."""

CAPABILITIES = {"prerender": PRERENDER, "function": FUNCTION}
"""By `kind` of the target. The first is the default."""

MAX_ROUTES = 2048
"""Of a deploy (Vercel docs, Limits)."""
MAX_CHARACTERS = 4096
"""Of an expression or a destination (schema of `@vercel/routing-utils`)."""
