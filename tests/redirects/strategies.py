"""Strategies that make rules for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from ssg.redirects.formats.raw_rule import CONDITION_FIELDS
from ssg.redirects.rule import RedirectRule, RuleConditions

WORDS = st.text(alphabet="abcz019-_.~%é日", min_size=1, max_size=6)
VALUES = st.text(alphabet="abcXYZ09-_", min_size=1, max_size=5)
LISTS = st.lists(VALUES, max_size=3).map(tuple)
FOLDERS = st.lists(st.one_of(WORDS, WORDS.map(lambda word: f":{word}")), max_size=4)


@st.composite
def from_paths(draw: st.DrawFn) -> str:
    """Paths of rules."""
    folders = draw(FOLDERS)
    end = draw(st.sampled_from(["", "/", "/*", "*"]))
    path = "/" + "/".join(folders) + end
    return path.replace("//", "/")


DESTINATIONS = st.one_of(
    from_paths().map(lambda path: path.replace("*", ":splat")),
    st.just("/.netlify/builders/pages"),
    st.just("https://example.com/a?b=:c#d"),
)


@st.composite
def rules(draw: st.DrawFn) -> RedirectRule:
    """Rules that both formats can express."""
    names = draw(st.lists(VALUES, max_size=2, unique=True))
    query = tuple((name, draw(st.one_of(VALUES, VALUES.map(":{}".format)))) for name in names)
    return RedirectRule(
        from_path=draw(from_paths()),
        to=draw(DESTINATIONS),
        status=draw(st.sampled_from([200, 301, 302, 303, 307, 308, 404, 410, 500])),
        force=draw(st.booleans()),
        query=query,
        conditions=RuleConditions(**{field: draw(LISTS) for field in CONDITION_FIELDS.values()}),
        origin=draw(st.sampled_from([None, "https://a.example", "http://b.example:8080"])),
        signed=draw(st.one_of(st.none(), VALUES)),
    )
