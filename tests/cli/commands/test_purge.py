"""`ssg purge`, beside a running preview."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ssg.render.dependencies.tags import page_tag
from tests.cli.conftest import Ran
from tests.cli.serving import SITE, serving
from tests.cli.serving import ssg as run
from tests.conftest import write
from tests.targets.purge.fake_host import FakeHost, fake_host


def test_purge_removes_the_named_pages_of_a_running_preview(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    with serving(tmp_path, "--quiet") as served:

        def sources(*paths: str) -> list[str]:
            return [served.get(path)[1]["x-ssg-source"] for path in paths]

        pages = ("/blog/old/", "/blog/new/")
        assert sources(*pages) == ["miss", "miss"]
        assert sources(*pages) == ["hit", "hit"]
        done = run(tmp_path, "purge", "blog/old", "/nowhere/")
        assert done.returncode == 0
        assert done.stdout == "blog/old: removed\n/nowhere/: was not cached\n"
        assert sources(*pages) == ["miss", "hit"]
        assert run(tmp_path, "purge", f"{served.url}blog/new/").stdout.endswith(": removed\n")
        assert sources(*pages) == ["hit", "miss"]
        assert served.get("/blog/nothing/")[0] == 404
        done = run(tmp_path, "purge", "--all")
        assert done.stdout == "3 cached responses removed\n"
        assert sources(*pages) == ["miss", "miss"]


def test_without_a_cache_there_is_nothing_to_remove(tmp_path: Path) -> None:
    done = run(tmp_path, "purge", "--all")
    assert (done.returncode, done.stdout) == (0, "0 cached responses removed\n")
    assert done.stderr == "this was the cache of ssg serve; --host URL purges a site\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["/a/", "--all"],
        ["--tag", "a", "--page", "/a/"],
        ["--changed", "--all", "--host", "netlify"],
        ["--host", "netlify"],
    ],
)
def test_one_kind_of_selection(ssg: Callable[..., Ran], words: list[str]) -> None:
    done = ssg("purge", *words)
    assert done.status == 2
    assert "give one of PATH, --tag, --page, --all and --changed" in done.err


def test_the_preview_need_not_be_purged_twice(ssg: Callable[..., Ran]) -> None:
    done = ssg("purge", "--all", "--again-after", "70")
    assert done.status == 2
    assert "--again-after needs --host" in done.err


@pytest.fixture
def netlify(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHost]:
    with fake_host() as host:
        monkeypatch.setenv("NETLIFY_AUTH_TOKEN", "nfp_secret")
        monkeypatch.setenv("NETLIFY_SITE_ID", "site-1")
        monkeypatch.setenv("NETLIFY_API_URL", host.url)
        monkeypatch.delenv("NETLIFY_DEPLOY_ALIAS", raising=False)
        yield host


def changes(**values: object) -> dict[str, str]:
    known = {"since": "1", "build": "2", "tags": [], "pages": [], "everything": False}
    return {".ssg/changes.json": json.dumps({**known, **values})}


@pytest.mark.parametrize(
    ("words", "body", "line"),
    [
        (["--tag", "site", "--tag", "a"], {"cache_tags": ["site", "a"]}, "2 tags purged"),
        (["--all"], {}, "everything is purged"),
        (["--page", "/blog/ö/"], {"cache_tags": [page_tag("/blog/ö/")]}, "1 tag purged"),
        (
            ["--page", "https://x.example/blog/%C3%B6?a#b", "--page", "feed.xml"],
            {"cache_tags": [*map(page_tag, ("/blog/ö/", "/blog/ö", "/feed.xml"))]},
            "3 tags purged",
        ),
        (["/a/", "/b/"], {"cache_tags": [page_tag("/a/"), page_tag("/b/")]}, "2 tags purged"),
    ],
)
def test_a_host_purges_what_is_chosen(
    ssg: Callable[..., Ran],
    netlify: FakeHost,
    words: list[str],
    body: dict[str, object],
    line: str,
) -> None:
    done = ssg("purge", *words, "--host", "netlify")
    assert (done.status, done.out) == (0, f"Netlify: {line}\n")
    assert [received.json for received in netlify.received] == [{"site_id": "site-1", **body}]


@pytest.mark.parametrize(
    ("values", "body", "line"),
    [
        ({"tags": ["a", "page:0123456789"]}, {"cache_tags": ["a", "page:0123456789"]}, "2 tags"),
        ({"tags": ["a"], "everything": True}, {}, "everything is purged"),
    ],
)
def test_what_has_changed_is_purged(
    ssg: Callable[..., Ran],
    netlify: FakeHost,
    values: dict[str, object],
    body: dict[str, object],
    line: str,
) -> None:
    done = ssg("purge", "--changed", "--host", "netlify", files=changes(**values))
    assert line in done.out
    assert [received.json for received in netlify.received] == [{"site_id": "site-1", **body}]


def test_a_host_is_purged_again_after_renders_of_the_old_deploy_have_ended(
    ssg: Callable[..., Ran], netlify: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    words = ("--changed", "--host", "netlify", "--again-after", "70")
    done = ssg("purge", *words, files=changes(tags=["a"]))
    assert (done.status, done.out) == (0, "Netlify: 1 tag purged\nNetlify: 1 tag purged again\n")
    assert done.err == "once more in 70 s\n"
    assert [received.json for received in netlify.received] == [
        {"site_id": "site-1", "cache_tags": ["a"]}
    ] * 2
    assert 70 in waited


def test_if_nothing_has_changed_nothing_is_sent(
    ssg: Callable[..., Ran],
    netlify: FakeHost,
) -> None:
    done = ssg("purge", "--changed", "--host", "netlify", files=changes())
    assert (done.status, done.out) == (0, "nothing has changed: nothing is purged\n")
    assert netlify.received == []


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"everything": true}', '{"tags": ["a"], "everything": "no"}',
     '{"tags": "a", "everything": false}', '{"tags": ["A b"], "everything": false}',
     '{"tags": [1], "everything": false}', '{"tags": ["A b"], "everything": true}'],
)  # fmt: skip
def test_a_list_of_changes_that_is_wrong_purges_nothing(
    ssg: Callable[..., Ran],
    netlify: FakeHost,
    text: str,
) -> None:
    done = ssg("purge", "--changed", "--host", "netlify", files={".ssg/changes.json": text})
    assert done.status == 1
    assert ".ssg/changes.json: error: the file is not a list of changed tags" in done.err
    assert netlify.received == []


def test_without_a_list_of_changes_nothing_is_purged(
    ssg: Callable[..., Ran],
    netlify: FakeHost,
) -> None:
    done = ssg("purge", "--changed", "--host", "netlify")
    assert done.status == 1
    assert ".ssg/changes.json: error: no build has written what differs" in done.err
    assert netlify.received == []


def test_wrong_pages_and_tags_are_named_and_nothing_is_purged(
    ssg: Callable[..., Ran],
    netlify: FakeHost,
) -> None:
    done = ssg("purge", "--host", "netlify", "--page", "/a%00/", "--page", "/%ff", "--page", "/b/")
    assert done.status == 1
    assert done.err.count("is not the path of a page") == 2
    done = ssg("purge", "--host", "netlify", "--tag", "a\tb", "--tag", "b")
    assert 'error: "a\\tb" is not a cache tag' in done.err
    assert netlify.received == []


def test_quiet_is_quiet(ssg: Callable[..., Ran], netlify: FakeHost) -> None:
    done = ssg("purge", "--all", "--host", "netlify", "--quiet")
    assert (done.status, done.out, done.err) == (0, "", "")
    assert len(netlify.received) == 1


def test_a_refused_token_is_told_without_the_token(
    ssg: Callable[..., Ran],
    netlify: FakeHost,
) -> None:
    netlify.will_answer(401)
    done = ssg("purge", "--all", "--host", "netlify")
    assert done.status == 1
    assert "Netlify answered with status 401. NETLIFY_AUTH_TOKEN is not a valid token" in done.err
    assert "nfp_secret" not in done.out + done.err


def test_a_site_is_purged_by_a_signed_request(
    ssg: Callable[..., Ran],
    netlify: FakeHost,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSG_PURGE_SECRET", "x" * 32)
    done = ssg("purge", "--tag", "a", "--host", f"{netlify.url}/")
    assert done.out == f"{netlify.url}: 1 tag purged\n"
    (received,) = netlify.received
    assert (received.path, received.json) == ("/_ssg/purge", {"tags": ["a"]})
    assert "authorization" not in received.headers


def test_tags_are_removed_from_a_running_preview(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    with serving(tmp_path, "--quiet") as served:
        pages = ("/blog/old/", "/blog/new/", "/blog/nothing/")

        def sources() -> list[str]:
            return [served.get(path)[1]["x-ssg-source"] for path in pages]

        def removed(*words: str) -> str:
            return run(tmp_path, "purge", *words).stdout

        sources()
        assert sources() == ["hit", "hit", "hit"]
        assert removed("--page", "/blog/old") == "1 cached response removed\n"
        assert sources() == ["miss", "hit", "hit"]
        assert removed("--page", "/blog/nothing/") == "1 cached response removed\n"
        assert sources() == ["hit", "hit", "miss"]
        assert removed("--tag", "site", "--tag", "x") == "3 cached responses removed\n"
        assert sources() == ["miss", "miss", "miss"]
        assert removed("--tag", "no:such-tag") == "0 cached responses removed\n"
        write(tmp_path, changes(tags=[page_tag("/blog/new/"), "x"]))
        assert removed("--changed") == "1 cached response removed\n"
        assert sources() == ["hit", "miss", "hit"]
        write(tmp_path, changes(everything=True))
        assert removed("--changed") == "3 cached responses removed\n"
        assert sources() == ["miss", "miss", "miss"]


def test_wrong_tags_are_errors_without_a_host_too(ssg: Callable[..., Ran]) -> None:
    done = ssg("purge", "--tag", "")
    assert done.status == 1
    assert '"" is not a cache tag' in done.err


@pytest.fixture
def varnish(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHost]:
    with fake_host() as host:
        monkeypatch.setenv("SSG_VARNISH_URLS", host.url)
        monkeypatch.delenv("SSG_VARNISH_SECRET", raising=False)
        yield host


def test_several_hosts_are_purged_in_their_order(
    ssg: Callable[..., Ran], netlify: FakeHost, varnish: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    hosts = ("--host", "netlify", "--host", "varnish")
    done = ssg("purge", "--tag", "a", *hosts, "--again-after", "2")
    assert done.out.splitlines() == [
        "Netlify: 1 tag purged",
        "Varnish: 1 tag purged",
        "Netlify: 1 tag purged again",
        "Varnish: 1 tag purged again",
    ]
    assert len(netlify.received) == len(varnish.received) == 2


def test_after_a_failure_no_further_host_is_purged(
    ssg: Callable[..., Ran], netlify: FakeHost, varnish: FakeHost
) -> None:
    """What is in front would be filled again from what is behind."""
    varnish.will_answer(403)
    done = ssg("purge", "--all", "--host", "varnish", "--host", "netlify")
    assert (done.status, done.out) == (1, "")
    assert "answered with status 403" in done.err
    assert netlify.received == []
    done = ssg("purge", "--all", "--host", "netlify", "--host", "netlify", "--host", "varnish")
    assert done.out.splitlines() == ["Netlify: everything is purged"] * 2 + [
        "Varnish: everything is purged"
    ]


def test_what_is_missing_for_any_host_is_told_before_one_is_purged(
    ssg: Callable[..., Ran], netlify: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SSG_VARNISH_URLS", "FASTLY_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    hosts = ("netlify", "varnish", "fastly", "nginx", "cloudflair")
    done = ssg("purge", "--all", *(word for host in hosts for word in ("--host", host)))
    assert done.status == 1
    for text in (
        "SSG_VARNISH_URLS is not set",
        "FASTLY_API_TOKEN is not set",
        'the host "nginx" has no cache that ssg can purge',
        'unknown host "cloudflair". Did you mean "cloudflare"?',
    ):
        assert text in done.err
    assert netlify.received == []
