"""Purging Netlify by its API, and a site by its own endpoint, against a fake of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

import pytest

from ssg.model.errors import PurgeError
from ssg.runtime.signed_purge import is_valid
from ssg.targets.load_target import purger_for
from ssg.targets.netlify.purger import NetlifyPurger
from ssg.targets.purge.http_post import PostAnswer, PostRequest
from ssg.targets.purge.purger import Purger, usable_tags
from ssg.targets.purge.signed_purger import SignedPurger
from tests.targets.purge.fake_host import START, FakeClock, FakeHost, fake_host

TOKEN = "nfp_secret"  # noqa: S105 of a fake host
SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 of a fake host
MANY = [f"page:{number:010x}" for number in range(1200)]

Make = Callable[[FakeHost, FakeClock], Purger]


def netlify(host: FakeHost, clock: FakeClock, **more: str) -> NetlifyPurger:
    environment = {
        "NETLIFY_AUTH_TOKEN": TOKEN,
        "NETLIFY_SITE_ID": "site-1",
        "NETLIFY_API_URL": host.url,
        **more,
    }
    return NetlifyPurger(environment, clock=clock.clock)


def signed(host: FakeHost, clock: FakeClock) -> SignedPurger:
    return SignedPurger(f"{host.url}/docs/", {"SSG_PURGE_SECRET": SECRET}, clock=clock.clock)


@pytest.fixture
def host() -> Iterator[FakeHost]:
    with fake_host() as running:
        yield running


@pytest.fixture(params=[netlify, signed])
def make(request: pytest.FixtureRequest) -> Make:
    found: Make = request.param
    return found


def test_netlify_gets_tags_of_the_site_with_the_token(host: FakeHost) -> None:
    report = netlify(host, FakeClock()).purge(["site", "page:0123456789", "site"])
    (received,) = host.received
    assert (received.method, received.path) == ("POST", "/api/v1/purge")
    assert received.headers["authorization"] == f"Bearer {TOKEN}"
    assert received.headers["content-type"] == "application/json"
    assert received.json == {"site_id": "site-1", "cache_tags": ["site", "page:0123456789"]}
    assert report.tags == ("site", "page:0123456789")
    assert (report.host, report.everything, report.requests) == ("Netlify", False, 1)


def test_netlify_purges_everything_without_a_list(host: FakeHost) -> None:
    report = netlify(host, FakeClock()).purge_everything()
    assert host.received[0].json == {"site_id": "site-1"}
    assert (report.everything, report.tags) == (True, ())


@pytest.mark.parametrize(
    ("more", "body"),
    [
        ({"NETLIFY_SITE_ID": "", "SITE_ID": "site-2"}, {"site_id": "site-2"}),
        ({"SITE_ID": "site-2"}, {"site_id": "site-1"}),
        (
            {"NETLIFY_DEPLOY_ALIAS": "deploy-preview-11"},
            {"site_id": "site-1", "deploy_alias": "deploy-preview-11"},
        ),
    ],
)
def test_the_environment_names_site_and_deploy(
    host: FakeHost, more: Mapping[str, str], body: Mapping[str, str]
) -> None:
    netlify(host, FakeClock(), **more).purge_everything()
    assert host.received[0].json == body


def test_the_address_of_the_api_may_have_a_path(host: FakeHost) -> None:
    netlify(host, FakeClock(), NETLIFY_API_URL=f"{host.url}/other/v2/").purge(["a"])
    assert host.received[0].path == "/other/v2/purge"


def test_the_address_of_the_api_is_netlifys() -> None:
    sent: list[PostRequest] = []

    def send(request: PostRequest) -> PostAnswer:
        sent.append(request)
        return PostAnswer(202)

    NetlifyPurger({"NETLIFY_AUTH_TOKEN": TOKEN, "SITE_ID": "s"}, send=send).purge(["a"])
    assert [request.url for request in sent] == ["https://api.netlify.com/api/v1/purge"]


def test_a_site_gets_a_signed_list(host: FakeHost) -> None:
    signed(host, FakeClock()).purge(["site", "a"])
    (received,) = host.received
    assert (received.path, received.body) == ("/docs/_ssg/purge", b'{"tags":["site","a"]}')
    assert is_valid(
        received.headers["ssg-signature"],
        secret=SECRET.encode(),
        timestamp=received.headers["ssg-timestamp"],
        nonce=received.headers["ssg-nonce"],
        body=received.body,
        now=START,
    )
    assert SECRET not in repr(received)


def test_a_site_is_told_to_purge_everything(host: FakeHost) -> None:
    signed(host, FakeClock()).purge_everything()
    assert host.received[0].body == b'{"all":true}'


def test_each_attempt_at_a_site_has_a_time_and_a_nonce_of_its_own(host: FakeHost) -> None:
    host.will_answer(502, 429)
    signed(host, FakeClock()).purge(["a"])
    headers = [received.headers for received in host.received]
    assert len({one["ssg-nonce"] for one in headers}) == 3
    times = [int(one["ssg-timestamp"]) - int(START) for one in headers]
    assert times == [0, 1, 6]


def test_many_tags_go_in_batches_at_the_pace_of_the_host(host: FakeHost, make: Make) -> None:
    clock = FakeClock()
    report = make(host, clock).purge([*MANY, *MANY])
    lists = [received.json.get("tags") or received.json["cache_tags"] for received in host.received]
    assert [len(one) for one in lists] == [500, 500, 200]
    assert [tag for one in lists for tag in one] == MANY
    assert clock.slept == [5.0]
    assert (report.requests, len(report.tags)) == (3, 1200)


def test_a_busy_host_is_obeyed(host: FakeHost, make: Make) -> None:
    host.will_answer(429, Retry_After="30")
    host.will_answer(500)
    clock = FakeClock()
    make(host, clock).purge(["a"])
    assert clock.slept[:2] == [30.0, 2.0]
    assert len({received.body for received in host.received}) == 1


def test_an_empty_list_is_refused_before_anything_is_sent(host: FakeHost, make: Make) -> None:
    with pytest.raises(PurgeError, match="no tag to purge"):
        make(host, FakeClock()).purge(iter(()))
    assert host.received == []


def test_each_wrong_tag_is_named_before_anything_is_sent(host: FakeHost, make: Make) -> None:
    with pytest.raises(PurgeError) as caught:
        make(host, FakeClock()).purge(["fine", "a\n", "x" * 1001, ""])
    assert [problem.message for problem in caught.value.problems] == [
        f"{json.dumps(tag)} is not a cache tag" for tag in ("a\n", "x" * 1001, "")
    ]
    assert host.received == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422, 501, 307])
def test_another_status_is_an_error_without_secrets_and_bodies(
    host: FakeHost, make: Make, status: int
) -> None:
    host.will_answer(status)
    with pytest.raises(PurgeError) as caught:
        make(host, FakeClock()).purge(["a"])
    assert f"answered with status {status}" in str(caught.value)
    assert len(host.received) == 1
    for secret in (TOKEN, SECRET, "the token", "message"):
        assert secret not in str(caught.value)


def test_an_error_says_what_was_purged_before(host: FakeHost, make: Make) -> None:
    host.will_answer(202, 202, 400)
    with pytest.raises(PurgeError, match=r"status 400; 1,000 tags were purged before"):
        make(host, FakeClock()).purge(MANY)


@pytest.mark.parametrize(
    ("name", "environment", "message"),
    [
        ("netlify", {"NETLIFY_SITE_ID": "s"}, "NETLIFY_AUTH_TOKEN is not set"),
        ("netlify", {"NETLIFY_AUTH_TOKEN": "t"}, "NETLIFY_SITE_ID is not set"),
        (
            "netlify",
            {"NETLIFY_AUTH_TOKEN": "t", "SITE_ID": "s", "NETLIFY_API_URL": "http://example.org"},
            "NETLIFY_API_URL must begin with https://",
        ),
        ("https://example.org/", {}, "SSG_PURGE_SECRET is not set. Make one with"),
        (
            "https://example.org/",
            {"SSG_PURGE_SECRET": "short"},
            "SSG_PURGE_SECRET has fewer than 32 characters",
        ),
        ("http://example.org/", {"SSG_PURGE_SECRET": SECRET}, "must begin with https://"),
        ("netlfy", {}, 'unknown host "netlfy". Did you mean "netlify"?'),
        (
            "example.org",
            {},
            'unknown host "example.org". Write netlify, vercel, varnish, fastly,',
        ),
        ("static", {}, 'the host "static" has no cache that ssg can purge'),
    ],
)
def test_what_is_missing_is_an_error(
    name: str, environment: Mapping[str, str], message: str
) -> None:
    with pytest.raises(PurgeError) as caught:
        purger_for(name, environment)
    assert message in str(caught.value)


def test_a_name_or_a_url_chooses_the_purger() -> None:
    environment = {"NETLIFY_AUTH_TOKEN": "t", "SITE_ID": "s", "SSG_PURGE_SECRET": SECRET}
    assert isinstance(purger_for("netlify", environment), NetlifyPurger)
    site = purger_for("https://example.org/docs/", environment)
    assert isinstance(site, SignedPurger)
    assert site.host == "https://example.org/docs"


def test_tags_are_kept_in_order_and_once() -> None:
    assert usable_tags(["b", "a", "b"]) == ("b", "a")
