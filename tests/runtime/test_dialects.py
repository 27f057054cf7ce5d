"""The caching of an answer in the headers of each host: golden headers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.capabilities import Capabilities
from ssg.runtime.caching import NEVER_STORED, Caching
from ssg.runtime.dialects import DIALECTS
from ssg.targets.netlify.capabilities import CAPABILITIES

REVALIDATED = "public, max-age=0, must-revalidate"
YEAR = "31536000"

UNTIL_DEPLOY = Caching(None, None, ("page:0123456789", "site"))
AN_HOUR = Caching(3600, 60, ("page:0123456789", "site"))
NO_TAGS = Caching(60, 0)

GOLDEN: dict[str, dict[Caching, dict[str, str]]] = {
    "builder": {
        UNTIL_DEPLOY: {"Cache-Control": REVALIDATED},
        AN_HOUR: {"Cache-Control": REVALIDATED},
        NO_TAGS: {"Cache-Control": REVALIDATED},
        NEVER_STORED: {"Cache-Control": "no-store"},
    },
    "server": {
        UNTIL_DEPLOY: {"Cache-Control": REVALIDATED},
        AN_HOUR: {"Cache-Control": REVALIDATED},
        NO_TAGS: {"Cache-Control": REVALIDATED},
        NEVER_STORED: {"Cache-Control": "no-store"},
    },
    "netlify": {
        UNTIL_DEPLOY: {
            "Cache-Control": REVALIDATED,
            "Netlify-CDN-Cache-Control": (
                f"public, durable, s-maxage={YEAR}, stale-while-revalidate={YEAR}"
            ),
            "Netlify-Vary": "query=_ssg",
            "Netlify-Cache-Tag": "page:0123456789,site",
        },
        AN_HOUR: {
            "Cache-Control": REVALIDATED,
            "Netlify-CDN-Cache-Control": (
                "public, durable, s-maxage=3600, stale-while-revalidate=60"
            ),
            "Netlify-Vary": "query=_ssg",
            "Netlify-Cache-Tag": "page:0123456789,site",
        },
        NO_TAGS: {
            "Cache-Control": REVALIDATED,
            "Netlify-CDN-Cache-Control": "public, durable, s-maxage=60, stale-while-revalidate=0",
            "Netlify-Vary": "query=_ssg",
        },
        NEVER_STORED: {"Cache-Control": "no-store", "Netlify-CDN-Cache-Control": "no-store"},
    },
    "prerender": {
        UNTIL_DEPLOY: {"Cache-Control": REVALIDATED},
        AN_HOUR: {"Cache-Control": REVALIDATED},
        NO_TAGS: {"Cache-Control": REVALIDATED},
        NEVER_STORED: {"Cache-Control": "no-store"},
    },
    "vercel": {
        UNTIL_DEPLOY: {
            "Cache-Control": REVALIDATED,
            "Vercel-CDN-Cache-Control": (f"public, s-maxage={YEAR}, stale-while-revalidate={YEAR}"),
            "Vercel-Cache-Tag": "page:0123456789,site",
        },
        AN_HOUR: {
            "Cache-Control": REVALIDATED,
            "Vercel-CDN-Cache-Control": "public, s-maxage=3600, stale-while-revalidate=60",
            "Vercel-Cache-Tag": "page:0123456789,site",
        },
        NO_TAGS: {
            "Cache-Control": REVALIDATED,
            "Vercel-CDN-Cache-Control": "public, s-maxage=60, stale-while-revalidate=0",
        },
        NEVER_STORED: {"Cache-Control": "no-store", "Vercel-CDN-Cache-Control": "no-store"},
    },
    "cloudfront": {
        UNTIL_DEPLOY: {
            "Cache-Control": (
                f"public, max-age=0, s-maxage={YEAR}, stale-while-revalidate={YEAR}, "
                f"stale-if-error={YEAR}"
            ),
            "Cache-Tag": "page:0123456789,site",
        },
        AN_HOUR: {
            "Cache-Control": (
                "public, max-age=0, s-maxage=3600, stale-while-revalidate=60, stale-if-error=60"
            ),
            "Cache-Tag": "page:0123456789,site",
        },
        NO_TAGS: {
            "Cache-Control": (
                "public, max-age=0, s-maxage=60, stale-while-revalidate=0, stale-if-error=0"
            ),
        },
        NEVER_STORED: {"Cache-Control": "no-store"},
    },
    "surrogate": {
        UNTIL_DEPLOY: {
            "Cache-Control": (
                f"public, max-age=0, s-maxage={YEAR}, stale-while-revalidate={YEAR}, "
                f"stale-if-error={YEAR}"
            ),
            "Surrogate-Key": "page:0123456789 site",
        },
        AN_HOUR: {
            "Cache-Control": (
                "public, max-age=0, s-maxage=3600, stale-while-revalidate=60, stale-if-error=60"
            ),
            "Surrogate-Key": "page:0123456789 site",
        },
        NO_TAGS: {
            "Cache-Control": (
                "public, max-age=0, s-maxage=60, stale-while-revalidate=0, stale-if-error=0"
            ),
        },
        NEVER_STORED: {"Cache-Control": "no-store"},
    },
    "cloudflare": {
        UNTIL_DEPLOY: {
            "Cache-Control": REVALIDATED,
            "Cloudflare-CDN-Cache-Control": (
                f"public, max-age={YEAR}, stale-while-revalidate={YEAR}, stale-if-error={YEAR}"
            ),
            "Cache-Tag": "page:0123456789,site",
        },
        AN_HOUR: {
            "Cache-Control": REVALIDATED,
            "Cloudflare-CDN-Cache-Control": (
                "public, max-age=3600, stale-while-revalidate=60, stale-if-error=60"
            ),
            "Cache-Tag": "page:0123456789,site",
        },
        NO_TAGS: {
            "Cache-Control": REVALIDATED,
            "Cloudflare-CDN-Cache-Control": (
                "public, max-age=60, stale-while-revalidate=0, stale-if-error=0"
            ),
        },
        NEVER_STORED: {"Cache-Control": "no-store", "Cloudflare-CDN-Cache-Control": "no-store"},
    },
}


def test_every_dialect_has_golden_headers() -> None:
    assert GOLDEN.keys() == DIALECTS.keys()


@pytest.mark.parametrize("name", DIALECTS)
def test_the_headers_are_golden(name: str) -> None:
    assert {each: DIALECTS[name](each, "") for each in GOLDEN[name]} == GOLDEN[name]


def test_a_cache_that_is_kept_has_a_name_on_netlify_alone() -> None:
    with_id = {name: dialect(AN_HOUR, "blog") for name, dialect in DIALECTS.items()}
    assert with_id["netlify"].pop("Netlify-Cache-ID") == "blog"
    assert with_id == {name: golden[AN_HOUR] for name, golden in GOLDEN.items()}
    assert "Netlify-Cache-ID" not in DIALECTS["netlify"](NEVER_STORED, "blog")


CACHING = st.builds(
    Caching,
    st.none() | st.integers(0, 10**9),
    st.none() | st.integers(0, 10**9),
    st.lists(st.from_regex(r"[a-z0-9:._-]{1,128}", fullmatch=True), max_size=50).map(tuple),
)


@given(CACHING)
def test_nothing_is_ever_left_out(caching: Caching) -> None:
    for dialect in DIALECTS.values():
        headers = dialect(caching, "")
        assert ("no-store" in headers["Cache-Control"]) is not caching.is_stored
        assert all(value.isascii() and value for value in headers.values())


@pytest.mark.parametrize("capabilities", CAPABILITIES.values(), ids=CAPABILITIES)
def test_a_host_with_tags_has_a_dialect_with_tags(capabilities: Capabilities) -> None:
    told = DIALECTS[capabilities.dialect](UNTIL_DEPLOY, "")
    assert bool(capabilities.tags) is any("page:0123456789" in value for value in told.values())
