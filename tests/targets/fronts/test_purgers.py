"""Purging caches in front of a server, each against a fake of its API."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from xml.etree import ElementTree as ET

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from ssg.model.errors import PurgeError
from ssg.targets.fronts.cloudflare import CloudflarePurger
from ssg.targets.fronts.cloudfront import CloudFrontPurger
from ssg.targets.fronts.fastly import FastlyPurger
from ssg.targets.fronts.varnish import VarnishPurger
from ssg.targets.load_target import purger_for
from ssg.targets.purge.purger import Purger
from tests.targets.purge.fake_host import FakeClock, FakeHost, Received, fake_host

SECRET = "s3cr3t-of-a-fake"  # noqa: S105 of a fake host
ZONE = "023e105f4ecef8ad9ca31a8372d0c353"
MANY = [f"page:{number:010x}" for number in range(3500)]

Make = Callable[[FakeHost, FakeClock], Purger]


def varnish(host: FakeHost, clock: FakeClock, **more: str) -> VarnishPurger:
    environment = {"SSG_VARNISH_URLS": host.url, "SSG_VARNISH_SECRET": SECRET, **more}
    return VarnishPurger(environment, clock=clock.clock)


def fastly(host: FakeHost, clock: FakeClock, **more: str) -> FastlyPurger:
    environment = {
        "FASTLY_API_TOKEN": SECRET,
        "FASTLY_SERVICE_ID": "SU1Z0isxPaozGVKXdv0eY",
        "FASTLY_API_ENDPOINT": host.url,
        **more,
    }
    return FastlyPurger(environment, clock=clock.clock)


def cloudflare(host: FakeHost, clock: FakeClock, **more: str) -> CloudflarePurger:
    environment = {
        "CLOUDFLARE_API_TOKEN": SECRET,
        "CLOUDFLARE_ZONE_ID": ZONE,
        "CLOUDFLARE_API_BASE_URL": f"{host.url}/client/v4",
        **more,
    }
    return CloudflarePurger(environment, clock=clock.clock)


def cloudfront(host: FakeHost, clock: FakeClock) -> CloudFrontPurger:
    environment = {
        "SSG_CLOUDFRONT_DISTRIBUTION": "E2QWRUHEXAMPLE",
        "AWS_ENDPOINT_URL_CLOUDFRONT": host.url,
    }
    return CloudFrontPurger(environment, clock=clock.clock)


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials in the environment of the process: botocore reads nothing else."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)


@pytest.fixture
def host() -> Iterator[FakeHost]:
    with fake_host() as running:
        yield running


@pytest.fixture(params=[varnish, fastly, cloudflare, cloudfront])
def make(request: pytest.FixtureRequest) -> Make:
    found: Make = request.param
    return found


def tags_of(received: Received) -> list[str]:
    """The tags of a request, whatever its form."""
    if received.method == "PURGE":
        return received.headers["xkey-purge"].split()
    if received.body.startswith(b"<"):
        return [path.removeprefix("#") for path in paths_of(received)]
    found: list[str] = next(iter(received.json.values()))
    return found


def paths_of(received: Received) -> list[str]:
    items = ET.fromstring(received.body).iterfind(".//{*}Path")  # noqa: S314 our own text
    return [item.text or "" for item in items]


def test_varnish_gets_tags_in_a_header_of_a_purge_request(host: FakeHost) -> None:
    report = varnish(host, FakeClock()).purge(["site", "a", "site"])
    (received,) = host.received
    assert (received.method, received.path, received.body) == ("PURGE", "/", b"")
    assert received.headers["xkey-purge"] == "site a"
    assert received.headers["ssg-purge-secret"] == SECRET
    assert "content-type" not in received.headers
    assert (report.host, report.tags, report.requests) == ("Varnish", ("site", "a"), 1)


def test_varnish_purges_softly_without_a_secret(host: FakeHost) -> None:
    varnish(host, FakeClock(), SSG_SOFT_PURGE="1", SSG_VARNISH_SECRET="").purge(["a"])
    headers = host.received[0].headers
    assert headers["xkey-softpurge"] == "a"
    assert headers.keys().isdisjoint({"xkey-purge", "ssg-purge-secret"})


def test_varnish_purges_everything(host: FakeHost) -> None:
    report = varnish(host, FakeClock()).purge_everything()
    assert host.received[0].headers["xkey-purge-all"] == "1"
    assert (report.everything, report.tags) == (True, ())


def test_each_instance_of_varnish_is_purged_even_if_another_fails(host: FakeHost) -> None:
    with fake_host() as other, fake_host() as third:
        other.will_answer(403)
        third.will_answer(404)
        urls = f"{other.url} {host.url},{host.url}/ {third.url}"
        with pytest.raises(PurgeError) as caught:
            varnish(host, FakeClock(), SSG_VARNISH_URLS=urls).purge(["a"])
        assert [problem.message for problem in caught.value.problems] == [
            f"Varnish at {other.url} answered with status 403",
            f"Varnish at {third.url} answered with status 404",
        ]
        assert len(host.received) == 1
        report = varnish(host, FakeClock(), SSG_VARNISH_URLS=urls).purge(MANY[:60])
    assert (report.requests, len(report.tags)) == (6, 60)


def test_fastly_gets_keys_of_the_service_with_the_token(host: FakeHost) -> None:
    fastly(host, FakeClock()).purge(["site", "a"])
    (received,) = host.received
    assert received.method == "POST"
    assert received.path == "/service/SU1Z0isxPaozGVKXdv0eY/purge"
    assert received.json == {"surrogate_keys": ["site", "a"]}
    assert received.headers["fastly-key"] == SECRET
    assert received.headers["content-type"] == "application/json"
    assert "fastly-soft-purge" not in received.headers


def test_fastly_purges_softly_but_not_everything(host: FakeHost) -> None:
    purger = fastly(host, FakeClock(), SSG_SOFT_PURGE="1")
    purger.purge(["a"])
    purger.purge_everything()
    tags, everything = host.received
    assert tags.headers["fastly-soft-purge"] == "1"
    assert everything.path == "/service/SU1Z0isxPaozGVKXdv0eY/purge_all"
    assert (everything.method, everything.body) == ("POST", b"")
    assert "fastly-soft-purge" not in everything.headers


def test_cloudflare_gets_tags_of_the_zone_with_the_token(host: FakeHost) -> None:
    cloudflare(host, FakeClock()).purge(["site", "a"])
    (received,) = host.received
    assert (received.method, received.path) == ("POST", f"/client/v4/zones/{ZONE}/purge_cache")
    assert received.json == {"tags": ["site", "a"]}
    assert received.headers["authorization"] == f"Bearer {SECRET}"


def test_cloudflare_invalidates_softly_but_not_everything(host: FakeHost) -> None:
    purger = cloudflare(host, FakeClock(), SSG_SOFT_PURGE="1")
    purger.purge(["a"])
    purger.purge_everything()
    assert [(one.path.rpartition("/")[2], one.json) for one in host.received] == [
        ("invalidate_cache", {"tags": ["a"]}),
        ("purge_cache", {"purge_everything": True}),
    ]


def test_cloudfront_gets_tags_as_paths(host: FakeHost) -> None:
    cloudfront(host, FakeClock()).purge(["site", "page:0123456789"])
    (received,) = host.received
    assert received.path == "/2020-05-31/distribution/E2QWRUHEXAMPLE/invalidation"
    assert re.fullmatch(
        r'<InvalidationBatch xmlns="http://cloudfront\.amazonaws\.com/doc/2020-05-31/">'
        r"<Paths><Quantity>2</Quantity>"
        r"<Items><Path>#site</Path><Path>#page:0123456789</Path></Items></Paths>"
        r"<CallerReference>ssg-[0-9a-f]{32}</CallerReference></InvalidationBatch>",
        received.body.decode(),
    )


def test_cloudfront_purges_everything_as_one_path(host: FakeHost) -> None:
    cloudfront(host, FakeClock()).purge_everything()
    assert paths_of(host.received[0]) == ["/*"]


def test_requests_to_cloudfront_are_signed_for_the_time_of_the_attempt(host: FakeHost) -> None:
    host.will_answer(503)
    cloudfront(host, FakeClock()).purge(["a"])
    first, second = host.received
    for received in (first, second):
        copy = AWSRequest(
            "POST", host.url + received.path, {"Content-Type": "text/xml"}, received.body
        )
        copy.context["timestamp"] = received.headers["x-amz-date"]
        signer = SigV4Auth(Credentials("AKIDEXAMPLE", SECRET), "cloudfront", "us-east-1")
        copy.headers["X-Amz-Date"] = received.headers["x-amz-date"]
        text = signer.string_to_sign(copy, signer.canonical_request(copy))
        assert received.headers["authorization"].endswith(
            f"Signature={signer.signature(text, copy)}"
        )
        assert "/us-east-1/cloudfront/aws4_request" in received.headers["authorization"]
    assert first.body == second.body  # the same reference: it is made once


@pytest.mark.parametrize(
    ("make", "sizes", "slept"),
    [
        (varnish, [50] * 70, []),
        (fastly, [256] * 13 + [172], [1.0]),
        (cloudflare, [100] * 35, [300.0]),
        (cloudfront, [3000, 500], [60.0]),
    ],
)
def test_many_tags_go_in_batches_at_the_pace_of_the_host(
    host: FakeHost, make: Make, sizes: list[int], slept: list[float]
) -> None:
    clock = FakeClock()
    report = make(host, clock).purge([*MANY, *MANY])
    assert [len(tags_of(received)) for received in host.received] == sizes
    assert [tag for received in host.received for tag in tags_of(received)] == MANY
    assert clock.slept == slept
    assert (report.requests, len(report.tags)) == (len(sizes), 3500)


def test_a_busy_host_is_obeyed(host: FakeHost, make: Make) -> None:
    host.will_answer(429, Retry_After="90")
    clock = FakeClock()
    make(host, clock).purge(["a"])
    assert clock.slept[0] == 90.0
    assert len(host.received) == 2


def test_empty_lists_and_wrong_tags_are_refused_before_anything_is_sent(
    host: FakeHost, make: Make
) -> None:
    with pytest.raises(PurgeError, match="no tag to purge"):
        make(host, FakeClock()).purge(iter(()))
    for wrong in ("", "a\nb", "\ud800"):
        with pytest.raises(PurgeError, match="is not a cache tag"):
            make(host, FakeClock()).purge(["fine", wrong])
    assert host.received == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 501, 307])
@pytest.mark.parametrize("everything", [False, True])
def test_another_status_is_an_error_without_secrets_and_bodies(
    host: FakeHost, make: Make, status: int, everything: bool
) -> None:
    host.will_answer(status)
    purger = make(host, FakeClock())
    with pytest.raises(PurgeError) as caught:
        purger.purge_everything() if everything else purger.purge(["a"])
    assert f"answered with status {status}" in str(caught.value)
    assert len(host.received) == 1
    for secret in (SECRET, "the token", "AKIDEXAMPLE"):
        assert secret not in str(caught.value)


def test_an_error_says_what_was_purged_before(host: FakeHost, make: Make) -> None:
    host.will_answer(200, 400)
    with pytest.raises(PurgeError, match=r"status 400; [0-9,]+ tags were purged before"):
        make(host, FakeClock()).purge(MANY)


@pytest.mark.parametrize(
    ("name", "environment", "message"),
    [
        ("varnish", {}, "SSG_VARNISH_URLS is not set"),
        ("varnish", {"SSG_VARNISH_URLS": "http://example.org"}, "must begin with https://"),
        (
            "varnish",
            {"SSG_VARNISH_URLS": "http://v", "SSG_VARNISH_SECRET": "a b"},
            "SSG_VARNISH_SECRET has characters that cannot be sent",
        ),
        ("varnish", {"SSG_VARNISH_URLS": "http://v", "SSG_SOFT_PURGE": "yes"}, "neither 1 nor 0"),
        ("fastly", {"FASTLY_SERVICE_ID": "s"}, "FASTLY_API_TOKEN is not set"),
        ("fastly", {"FASTLY_API_TOKEN": "t"}, "FASTLY_SERVICE_ID is not set"),
        (
            "fastly",
            {"FASTLY_API_TOKEN": "t", "FASTLY_SERVICE_ID": "a/b"},
            "FASTLY_SERVICE_ID is not an ID",
        ),
        ("cloudflare", {"CLOUDFLARE_ZONE_ID": "z"}, "CLOUDFLARE_API_TOKEN is not set"),
        ("cloudflare", {"CLOUDFLARE_API_TOKEN": "t"}, "CLOUDFLARE_ZONE_ID is not set"),
        ("cloudfront", {}, "SSG_CLOUDFRONT_DISTRIBUTION is not set"),
        ("nginx", {}, 'the host "nginx" has no cache that ssg can purge'),
    ],
)
def test_what_is_missing_is_an_error(
    name: str, environment: Mapping[str, str], message: str
) -> None:
    with pytest.raises(PurgeError) as caught:
        purger_for(name, environment)
    assert message in str(caught.value)
    assert "a b" not in str(caught.value)


def test_missing_credentials_of_aws_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"SSG_CLOUDFRONT_DISTRIBUTION": "E1"}
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(PurgeError, match=r"there are no credentials for AWS\. Set AWS_ACCESS_KEY"):
        purger_for("cloudfront", environment)
    monkeypatch.setenv("AWS_PROFILE", "unknown")
    with pytest.raises(PurgeError, match="cannot be read: ProfileNotFound"):
        purger_for("cloudfront", environment)
    monkeypatch.setitem(sys.modules, "botocore.session", None)
    with pytest.raises(PurgeError, match=r'botocore\. Install it: pip install "ssg\[aws\]"'):
        purger_for("cloudfront", environment)


def test_a_name_chooses_the_purger() -> None:
    environment = {
        "SSG_VARNISH_URLS": "http://varnish:6081",
        "FASTLY_API_TOKEN": "t",
        "FASTLY_SERVICE_ID": "s",
        "CLOUDFLARE_API_TOKEN": "t",
        "CLOUDFLARE_ZONE_ID": ZONE,
        "SSG_CLOUDFRONT_DISTRIBUTION": "E1",
    }
    names = ("varnish", "fastly", "cloudflare", "cloudfront")
    assert [type(purger_for(name, environment)) for name in names] == [
        VarnishPurger,
        FastlyPurger,
        CloudflarePurger,
        CloudFrontPurger,
    ]
