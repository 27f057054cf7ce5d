"""The plan, and a naive model of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ssg.model.cache_options import CacheOptions
from ssg.model.glob import compile_glob
from ssg.model.page import UNDATED, DeferOverride, PageKind
from ssg.model.settings import DeferredSettings, DeferRule
from ssg.plan.decide import PlanCandidate, PlanDecision, decide

NOW = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
DAY = 86_400
NOTHING = CacheOptions()


def _page(
    number: int, *, age_days: int | None = 0, name: str = "", **more: object
) -> PlanCandidate:
    date_key = UNDATED if age_days is None else -int(NOW.timestamp() - age_days * DAY)
    values: dict[str, object] = {
        "name": name or f"blog/{number}.md", "kind": PageKind.PAGE, "parent_id": 1,
        "date_key": date_key,
    }  # fmt: skip
    return PlanCandidate(id=number, **(values | more))  # type: ignore[arg-type]


HOME = _page(1, kind=PageKind.SECTION, name="_index.md", parent_id=None, age_days=None)


def _decide(
    pages: list[PlanCandidate], *rules: DeferRule, default: CacheOptions = NOTHING,
    defer_overrides: Mapping[int, DeferOverride] | None = None,
) -> dict[int, PlanDecision]:  # fmt: skip
    settings = DeferredSettings(**asdict(default), rules=rules)
    found = decide([HOME, *pages], defer_overrides or {}, settings, NOW, default_language="en")
    return {page.id: decision for page, decision in zip([HOME, *pages], found, strict=True)}


def _outcome(decision: PlanDecision) -> tuple[bool, int | None, str]:
    return decision.deferred, decision.ttl_seconds, decision.reason


ALL = DeferRule(match="**")


def test_without_a_rule_a_page_is_critical() -> None:
    assert _outcome(_decide([_page(2)])[2]) == (False, None, "no rule defers it")


def test_a_wish_goes_before_a_rule_and_says_where_it_is_from() -> None:
    defer_overrides = {
        2: DeferOverride(deferred=False),
        3: DeferOverride(deferred=True, origins={"deferred": "content/_index.md"}),
    }
    found = _decide([_page(2), _page(3), _page(4)], ALL, defer_overrides=defer_overrides)
    assert _outcome(found[2]) == (False, None, "front matter")
    assert _outcome(found[3]) == (True, None, "cascade from content/_index.md")
    assert _outcome(found[4]) == (True, None, 'rule 1 (match "**")')


def test_a_ttl_is_sought_in_the_same_order() -> None:
    rule = DeferRule(match="**", ttl_seconds=300)
    pages = [_page(2), _page(3)]
    default = CacheOptions(ttl_seconds=400)
    found = _decide(pages, rule, default=default, defer_overrides={2: DeferOverride(100)})
    assert (found[2].ttl_seconds, found[3].ttl_seconds) == (100, 300)
    assert _decide(pages, ALL, default=default)[2].ttl_seconds == 400
    assert _decide(pages, default=default)[2].ttl_seconds is None


def test_each_option_is_sought_alone() -> None:
    default = CacheOptions(400, 40, ("site-wide",))
    rule = DeferRule(match="**", stale_seconds=30, cache_tags=("ours", "theirs"))
    own = {2: DeferOverride(100), 3: DeferOverride(cache_tags=(), stale_seconds=0)}
    found = _decide([_page(2), _page(3), _page(4)], rule, default=default, defer_overrides=own)
    reason = 'rule 1 (match "**")'
    assert found[2] == PlanDecision(True, reason, 100, 30, "ours theirs")
    assert found[3] == PlanDecision(True, reason, 400, 0, "")
    assert found[4] == PlanDecision(True, reason, 400, 30, "ours theirs")


def test_pagers_follow_their_list() -> None:
    section = _page(5, kind=PageKind.SECTION, name="blog/_index.md")
    pager = _page(7, kind=PageKind.PAGER, name="blog/page/2", parent_id=5)
    assert (
        _decide([section, pager], defer_overrides={5: DeferOverride(deferred=True)})[7].reason
        == "front matter"
    )
    assert _decide([section, pager], DeferRule(kind=PageKind.PAGER))[7].deferred
    assert not _decide([section, pager], DeferRule(kind=PageKind.PAGER))[5].deferred


def test_a_rule_without_kind_speaks_of_pages_alone() -> None:
    term = _page(8, kind=PageKind.TERM, name="tags/x", parent_id=None)
    assert not _decide([term], ALL)[8].deferred
    assert not _decide([term], ALL)[1].deferred
    assert _decide([term], DeferRule(kind=PageKind.TERM, match="tags/*"))[8].deferred


def test_a_rule_may_speak_of_a_language() -> None:
    pages = [_page(2), _page(3, language="fr"), _page(4, language="fr")]
    found = _decide(pages, DeferRule(language="fr", keep_newest=1))
    assert [found[number].deferred for number in (2, 3, 4)] == [False, False, True]
    assert found[4].reason == 'rule 1 (language "fr")'
    found = _decide(pages, DeferRule(language="en"))
    assert [found[number].deferred for number in (2, 3, 4)] == [True, False, False]
    assert found[2].reason == 'rule 1 (language "en")'


def test_what_stands_in_for_a_translation_waits_unless_a_rule_says_otherwise() -> None:
    page = _page(2, kind=PageKind.FALLBACK, language="fr")
    assert _decide([page])[2] == PlanDecision(True, "it is not translated")
    assert _decide([page], DeferRule(match="**"))[2].reason == "it is not translated"
    assert not _decide([page], DeferRule(kind="fallback", deferred=False))[2].deferred
    defer_override = DeferOverride(deferred=False)
    assert not _decide([page], defer_overrides={2: defer_override})[2].deferred


def test_machines_never_wait() -> None:
    for kind in (PageKind.FEED, PageKind.SITEMAP, PageKind.NOT_FOUND):
        page = _page(9, kind=kind, name="feed.xml")
        found = _decide(
            [page], ALL, DeferRule(kind=kind), defer_overrides={9: DeferOverride(deferred=True)}
        )
        assert _outcome(found[9]) == (False, None, "always critical")


def test_an_age_is_counted_from_the_builds_clock() -> None:
    pages = [
        _page(2, age_days=9),
        _page(3, age_days=10),
        _page(4, age_days=11),
        _page(5, age_days=None),
    ]
    found = _decide(pages, DeferRule(match="**", older_than_days=10))
    assert [number for number, decision in found.items() if decision.deferred] == [4]
    assert found[4].reason == 'rule 1 (match "**", older than 10d)'


def test_the_newest_are_kept_and_ties_go_by_id() -> None:
    pages = [
        _page(2, age_days=5),
        _page(3, age_days=5),
        _page(4, age_days=1),
        _page(5, age_days=None),
    ]
    found = _decide(pages, DeferRule(match="**", keep_newest=2), ALL)
    assert {n for n, decision in found.items() if decision.deferred} == {3, 5}
    assert found[2].reason == 'rule 1 (match "**") keeps the newest 2'


def test_the_most_read_are_kept_and_ties_go_by_id() -> None:
    pages = [
        _page(2, age_days=9, requests=5),
        _page(3, age_days=9, requests=7),
        _page(4, age_days=9, requests=5),
        _page(5, age_days=1),
        _page(6, name="other.md", requests=99),
    ]
    rule = DeferRule(match="blog/**", older_than_days=3, popular=2)
    found = _decide(pages, rule)
    assert {n for n, decision in found.items() if decision.deferred} == {4}
    reason = 'rule 1 (match "blog/**", older than 3d) keeps the most read 2'
    assert (found[2].reason, found[3].reason) == (reason, reason)
    assert found[5].reason == "no rule defers it"


def test_a_page_that_nobody_reads_is_not_popular() -> None:
    found = _decide([_page(2), _page(3, requests=1)], DeferRule(match="**", popular=5))
    assert {n for n, decision in found.items() if decision.deferred} == {2}


def test_the_newest_and_the_most_read_are_kept_beside_each_other() -> None:
    pages = [
        _page(2, age_days=1, requests=9),
        _page(3, age_days=5, requests=8),
        _page(4, requests=1),
    ]
    found = _decide(pages, DeferRule(match="**", keep_newest=2, popular=2))
    kept = 'rule 1 (match "**") keeps the '
    assert {n: found[n].reason for n in (2, 3, 4)} == {
        2: f"{kept}newest 2", 3: f"{kept}most read 2", 4: f"{kept}newest 2",
    }  # fmt: skip


def test_the_first_rule_that_matches_decides() -> None:
    keep = DeferRule(match="blog/2.md", deferred=False, ttl_seconds=60)
    found = _decide([_page(2), _page(3)], keep, ALL)
    assert _outcome(found[2]) == (False, None, 'rule 1 (match "blog/2.md")')
    assert found[3].reason == 'rule 2 (match "**")'


options_of = {
    "ttl_seconds": st.none() | st.sampled_from([60, 90]),
    "stale_seconds": st.none() | st.sampled_from([0, 30]),
    "cache_tags": st.none() | st.sampled_from([(), ("a",), ("b", "c")]),
}
wishes_of = st.builds(DeferOverride, **options_of, deferred=st.none() | st.booleans())
rules_of = st.builds(
    DeferRule,
    match=st.sampled_from(["**", "a/**", "b/*.md", "nope"]),
    kind=st.none() | st.sampled_from([PageKind.PAGE, PageKind.SECTION]),
    older_than_days=st.none() | st.sampled_from([0, 5]),
    keep_newest=st.integers(0, 3),
    popular=st.integers(0, 3),
    **options_of,
    deferred=st.booleans(),
)
pages_of = st.lists(
    st.tuples(
        st.sampled_from("ab"), st.none() | st.integers(0, 8), st.booleans(), st.integers(0, 3)
    ),
    max_size=8,
)


def _naively(
    page: PlanCandidate, pages: list[PlanCandidate], rules: list[DeferRule], default: CacheOptions,
    defer_overrides: Mapping[int, DeferOverride],
) -> tuple[bool, int | None, int | None, str]:  # fmt: skip
    """The documentation, read aloud."""
    defer_override = defer_overrides.get(page.id, DeferOverride())

    def speaks(rule: DeferRule, other: PlanCandidate) -> bool:
        glob = compile_glob(rule.match or "**")
        return other.kind == (rule.kind or PageKind.PAGE) and bool(glob.fullmatch(other.name))

    def newest(rule: DeferRule) -> list[PlanCandidate]:
        known = sorted((p.date_key, p.id, p) for p in pages if speaks(rule, p))
        return [p for _, _, p in known][: rule.keep_newest]

    def popular(rule: DeferRule) -> list[PlanCandidate]:
        read = sorted((-p.requests, p.id, p) for p in pages if speaks(rule, p) and p.requests > 0)
        return [p for _, _, p in read][: rule.popular]

    rule, kept = None, False
    for candidate in rules:
        if not speaks(candidate, page):
            continue
        kept = page in newest(candidate) or page in popular(candidate)
        age = (NOW.timestamp() + page.date_key) / DAY if page.date_key != UNDATED else None
        old = candidate.older_than_days is None or (
            age is not None and age > candidate.older_than_days
        )
        if kept or old:
            rule = candidate
            break
    places = [defer_override, *([rule] if rule else []), default]

    def wanted(name: str) -> Any:
        values = (getattr(place, name) for place in places)
        return next((value for value in values if value is not None), None)

    deferred = bool(rule and not kept and rule.deferred)
    deferred = deferred if defer_override.deferred is None else defer_override.deferred
    if not deferred:
        return False, None, None, ""
    return (
        True,
        wanted("ttl_seconds"),
        wanted("stale_seconds"),
        " ".join(wanted("cache_tags") or ()),
    )


@given(
    pages_of, st.lists(rules_of, max_size=3), st.builds(CacheOptions, **options_of),
    st.dictionaries(st.integers(2, 9), wishes_of),
)  # fmt: skip
def test_the_plan_is_what_the_documentation_says(
    drawn: list[tuple[str, int | None, bool, int]], rules: list[DeferRule], default: CacheOptions,
    defer_overrides: dict[int, DeferOverride],
) -> None:  # fmt: skip
    pages = [
        _page(
            n,
            age_days=age,
            name=f"{folder}/{n}.md",
            kind=PageKind.SECTION if section else PageKind.PAGE,
            requests=requests,
        )
        for n, (folder, age, section, requests) in enumerate(drawn, 2)
    ]
    found = _decide(pages, *rules, default=default, defer_overrides=defer_overrides)
    for page in pages:
        decision = found[page.id]
        expected = _naively(page, [HOME, *pages], rules, default, defer_overrides)
        own = decision.ttl_seconds, decision.stale_seconds, decision.cache_tags
        assert (decision.deferred, *own) == expected
        assert decision.reason
