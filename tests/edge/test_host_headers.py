"""What browsers get of the headers of a function, and what the cache of its host keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ssg.edge.host_headers import consumed_headers, sent_headers
from ssg.model.capabilities import Capabilities
from ssg.runtime.caching import NEVER_STORED, Caching
from ssg.runtime.dialects import DIALECTS
from ssg.targets.netlify.capabilities import BUILDER, FUNCTION
from ssg.targets.static import StaticTarget

CACHING = Caching(60, 30, ("site",))
REVALIDATED = "public, max-age=0, must-revalidate"
SURROGATE = replace(FUNCTION, dialect="surrogate")
SHARED = "public, max-age=0, s-maxage=60, stale-while-revalidate=30, stale-if-error=30"


@pytest.mark.parametrize(
    ("host", "cache_control"),
    [
        (BUILDER, REVALIDATED),
        (FUNCTION, REVALIDATED),
        (SURROGATE, SHARED),
        (StaticTarget.capabilities, REVALIDATED),
    ],
)
def test_browsers_get_the_cache_control_of_the_dialect(
    host: Capabilities, cache_control: str
) -> None:
    assert sent_headers({}, CACHING, host) == {"cache-control": cache_control}
    assert sent_headers({}, NEVER_STORED, host) == {"cache-control": "no-store"}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_headers_for_caches_stay_there_whoever_set_them(dialect: str) -> None:
    host = replace(FUNCTION, dialect=dialect)
    said = {"X-Own": "1", **DIALECTS[dialect](CACHING, "ssg")}
    assert set(sent_headers(said, CACHING, host)) == {"x-own", "cache-control"}
    assert "Cache-Control" not in consumed_headers(CACHING, host, "ssg")


def test_a_cache_control_of_the_site_reaches_browsers_from_functions_only() -> None:
    own = {"Cache-Control": "private, max-age=9"}
    assert sent_headers(own, CACHING, FUNCTION)["cache-control"] == "private, max-age=9"
    assert sent_headers(own, CACHING, BUILDER)["cache-control"] == REVALIDATED


def test_what_the_cache_of_netlify_keeps_for_itself() -> None:
    assert consumed_headers(CACHING, BUILDER) == {}
    assert consumed_headers(CACHING, FUNCTION, "ssg") == {
        "Netlify-CDN-Cache-Control": "public, durable, s-maxage=60, stale-while-revalidate=30",
        "Netlify-Vary": "query=_ssg",
        "Netlify-Cache-Tag": "site",
        "Netlify-Cache-ID": "ssg",
    }
