"""Purging the real Varnish, and several servers behind it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from ssg.model.errors import PurgeError
from ssg.runtime.caching import Caching
from ssg.targets.fronts.varnish import VarnishPurger
from tests.fronts.client import Client
from tests.fronts.examples import vcl
from tests.fronts.origin import Origin, OriginPage, running_origin
from tests.services import running_varnish, wait_until

pytestmark = pytest.mark.varnish

SECRET = "0123456789abcdef"  # noqa: S105 of this test
PATHS = ("/a/", "/b/", "/c/")
MANY = [f"page:{number:010x}" for number in range(120)]


@pytest.fixture
def varnish(origin: Origin, tmp_path: Path) -> Iterator[Client]:
    for path, tags in zip(PATHS, (("site", "a"), ("site", "b"), ("site", "a", "b")), strict=True):
        origin.pages[path] = OriginPage(Caching(None, None, tags))
    with running_varnish(tmp_path / "varnish", vcl(origin.port)) as service:
        yield Client(service.url)


def purger(varnish: Client, **environment: str) -> VarnishPurger:
    return VarnishPurger({"SSG_VARNISH_URLS": varnish.url, **environment})


def renders(origin: Origin) -> dict[str, int]:
    return {path: origin.renders[path] for path in PATHS}


def texts(varnish: Client) -> list[str]:
    return [varnish.get(path).text.strip() for path in PATHS]


def test_what_has_a_tag_is_gone_after_its_purge(origin: Origin, varnish: Client) -> None:
    texts(varnish)
    report = purger(varnish).purge(["a"])
    assert (report.tags, report.requests) == (("a",), 1)
    assert texts(varnish) == ["render 2", "render 1", "render 2"]
    purger(varnish).purge(["b", "unknown"])
    assert texts(varnish) == ["render 2", "render 2", "render 3"]
    purger(varnish).purge(["sit", "ite", "unknown"])
    assert texts(varnish) == ["render 2", "render 2", "render 3"]


def test_a_missing_page_is_purged_by_the_tag_of_its_path(origin: Origin, varnish: Client) -> None:
    origin.pages["/new/"] = OriginPage(Caching(60, 0, ("page:1",)), 404)
    assert varnish.get("/new/").status == 404
    origin.pages["/new/"] = OriginPage(Caching(None, None, ("page:1",)))
    assert varnish.get("/new/").status == 404
    purger(varnish).purge(["page:1"])
    assert varnish.get("/new/").status == 200


def test_after_a_soft_purge_the_old_page_is_served_while_the_new_one_is_made(
    origin: Origin, varnish: Client
) -> None:
    texts(varnish)
    origin.pages["/a/"] = replace(origin.pages["/a/"], seconds=0.8)
    purger(varnish, SSG_SOFT_PURGE="1").purge(["a"])
    old = varnish.get("/a/")
    assert (old.text, old.seconds < 0.5) == ("render 1\n", True)
    assert varnish.get("/b/").text == "render 1\n"
    assert varnish.will_say("/a/", "render 2\n")
    assert origin.renders["/a/"] == 2


def test_after_a_soft_purge_the_old_page_stays_if_the_server_is_down(
    origin: Origin, varnish: Client
) -> None:
    texts(varnish)
    origin.stop()
    purger(varnish, SSG_SOFT_PURGE="1").purge(["site"])
    assert texts(varnish) == texts(varnish) == ["render 1"] * 3


def test_everything_is_purged(origin: Origin, varnish: Client) -> None:
    texts(varnish)
    assert purger(varnish).purge_everything().everything
    assert texts(varnish) == texts(varnish) == ["render 2"] * 3


def test_many_tags_and_long_ones_fit(origin: Origin, varnish: Client) -> None:
    tags = tuple(f"{number:03}{'x' * 125}" for number in range(50))
    origin.pages["/a/"] = OriginPage(Caching(None, None, tags))
    assert varnish.get("/a/").text == "render 1\n"
    assert purger(varnish).purge([*MANY, *tags]).requests == 4
    assert varnish.get("/a/").text == "render 2\n"


@pytest.mark.parametrize("more", [{}, {"Surrogate-Key": ""}])
def test_a_refresh_that_changed_nothing_keeps_the_tags(
    origin: Origin, varnish: Client, more: Mapping[str, str]
) -> None:
    """The server answers 304, with its tags or without."""
    page = OriginPage(Caching(1, 60, ("a",)), headers={"ETag": '"1"'})
    origin.pages["/etag/"] = page
    varnish.get("/etag/")
    time.sleep(1.2)
    origin.pages["/etag/"] = OriginPage(
        Caching(None, None, ("a",)), 304, headers={**page.headers, **more}
    )
    varnish.get("/etag/")
    assert wait_until(lambda: origin.renders["/etag/"] == 2, 5)
    assert origin.asked[-1][2]["if-none-match"] == '"1"'
    time.sleep(1.2)
    assert varnish.get("/etag/").text == "render 1\n"
    assert origin.renders["/etag/"] == 2
    origin.pages["/etag/"] = page
    purger(varnish).purge(["a"])
    assert varnish.get("/etag/").text == "render 3\n"


@pytest.mark.parametrize(
    ("secret", "headers", "status"),
    [
        (SECRET, {"Ssg-Purge-Secret": SECRET}, 200),
        (SECRET, {"Ssg-Purge-Secret": SECRET, "X-Forwarded-For": "192.0.2.1"}, 200),
        (SECRET, {"Ssg-Purge-Secret": SECRET + "0"}, 403),
        (SECRET, {}, 403),
        ("", {}, 200),
        ("", {"Ssg-Purge-Secret": "x"}, 200),
        ("", {"X-Forwarded-For": "192.0.2.1"}, 403),
    ],
)
def test_who_may_purge(
    origin: Origin,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    secret: str,
    headers: Mapping[str, str],
    status: int,
) -> None:
    """Without a secret: this machine, if no other proxy passed the request on."""
    monkeypatch.setenv("SSG_VARNISH_SECRET", secret)
    origin.pages["/"] = OriginPage(Caching(None, None, ("a",)))
    with running_varnish(tmp_path / "varnish", vcl(origin.port)) as service:
        client = Client(service.url)
        for form in ({"xkey-purge": "a"}, {"xkey-softpurge": "a"}, {"xkey-purge-all": "1"}):
            client.get("/")
            before = origin.renders["/"]
            assert client.get("/", "PURGE", **headers, **form).status == status
            client.get("/")
            time.sleep(0.1)
            assert (origin.renders["/"] > before) == (status == 200)


def test_the_purger_and_varnish_share_the_secret(
    origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSG_VARNISH_SECRET", SECRET)
    with running_varnish(tmp_path / "varnish", vcl(origin.port)) as service:
        client = Client(service.url)
        purger(client, SSG_VARNISH_SECRET=SECRET).purge(["a"])
        with pytest.raises(PurgeError, match=r"status 403\. SSG_VARNISH_SECRET is not that of"):
            purger(client).purge(["a"])
        origin.pages["/"] = OriginPage(None)
        client.get("/", Ssg_Purge_Secret=SECRET)
    assert "ssg-purge-secret" not in origin.asked[-1][2]


def test_a_purge_without_tags_is_refused(varnish: Client) -> None:
    assert varnish.get("/a/", "PURGE").status == 400


def test_servers_take_turns_and_one_that_is_down_is_left_out(tmp_path: Path) -> None:
    page = OriginPage(None)
    with running_origin() as one, running_origin() as other:
        one.pages["/"] = replace(page, says="one")
        other.pages["/"] = replace(page, says="other")
        with running_varnish(tmp_path / "varnish", vcl(one.port, other.port)) as service:
            client = Client(service.url)
            assert {client.get("/").text.split()[0] for _ in range(4)} == {"one", "other"}
            other.stop()
            answers = [client.get("/") for _ in range(20)]
            assert {(answer.status, answer.text.split()[0]) for answer in answers} == {(200, "one")}
