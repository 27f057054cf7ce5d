from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog import housekeeping
from blog.accounts import limits
from blog.accounts.limits import LIMITS, Limit, network, wait_seconds
from blog.database import Database
from blog.migrate import migrate
from tests.platform.client import PASSWORD, START, RunningApi, Visitor
from tests.services import running_postgres

LIMIT = Limit(3, 10)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[Database]:
    if request.param == "sqlite":
        yield from _migrated(f"sqlite:///{tmp_path_factory.mktemp('rate') / 'blog.db'}")
    else:
        with running_postgres() as service:
            yield from _migrated(service.url)


def _migrated(url: str) -> Iterator[Database]:
    database = Database(url)
    migrate(database)
    yield database
    database.close()


@pytest.fixture
def empty(database: Database) -> Database:
    with database.writing() as connection:
        connection.change("DELETE FROM rate")
    return database


def _use(database: Database, now: float, key: str = "k") -> int:
    with database.writing() as connection:
        return wait_seconds(connection, LIMIT, key, now)


# -- the algorithm ---------------------------------------------------------------------------------


def test_a_few_at_once_and_then_one_after_the_other(empty: Database) -> None:
    assert [_use(empty, START) for _ in range(4)] == [0, 0, 0, 10]
    assert _use(empty, START + 4) == 6
    assert _use(empty, START + 10) == 0
    assert _use(empty, START + 10) == 10
    assert [_use(empty, START + 1000) for _ in range(4)] == [0, 0, 0, 10]


def test_a_refused_use_is_not_counted(empty: Database) -> None:
    for _ in range(3):
        _use(empty, START)
    assert [_use(empty, START + 9.5) for _ in range(50)] == [1] * 50
    assert _use(empty, START + 10) == 0


def test_keys_do_not_disturb_each_other(empty: Database) -> None:
    for _ in range(4):
        _use(empty, START, "a")
    assert _use(empty, START, "b") == 0


def test_many_at_the_same_time_get_as_many_as_one_after_the_other(empty: Database) -> None:
    answers = list[int]()

    def use() -> None:
        for _ in range(3):
            answers.append(_use(empty, START))

    threads = [threading.Thread(target=use) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == [0] * 3 + [10] * 15


def test_what_limits_nothing_any_more_is_removed(empty: Database) -> None:
    _use(empty, START, "old")
    _use(empty, START + 100, "new")
    with empty.writing() as connection:
        limits.remove_old(connection, START + 100)
        assert [row["key"] for row in connection.rows("SELECT key FROM rate")] == ["new"]


@given(st.lists(st.floats(0, 30), max_size=40))
def test_no_span_of_time_has_more_than_its_share(gaps: list[float]) -> None:
    """For any times, `n` seconds never allow more than the burst and one for each interval."""
    database = _memory()
    with database.writing() as connection:
        connection.change("DELETE FROM rate")
    now, allowed = START, list[float]()
    for gap in gaps:
        now += gap
        if not _use(database, now):
            allowed.append(now)
    for first in range(len(allowed)):
        for last in range(first, len(allowed)):
            span = allowed[last] - allowed[first]
            assert last - first + 1 <= LIMIT.burst + span / LIMIT.seconds + 1e-6


_memories = list[Database]()


def _memory() -> Database:
    if not _memories:
        _memories.append(Database("sqlite://"))
        with _memories[0].writing() as connection:
            connection.change("CREATE TABLE rate (key TEXT PRIMARY KEY, due DOUBLE PRECISION)")
    return _memories[0]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:DB8:1:2:ffff::", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_one_customer_is_one_network(address: str, expected: str) -> None:
    assert network(address) == expected


# -- log-in ----------------------------------------------------------------------------------------


def _from(api: RunningApi, address: str) -> Visitor:
    """Somebody at another address."""
    from starlette.testclient import TestClient

    client = TestClient(
        api.client.app, base_url=api.platform.settings.site_url, client=(address, 50_000)
    )
    client.portal = api.client.portal
    return Visitor(api, client)


def test_who_guesses_is_stopped_and_told_how_long(api: RunningApi) -> None:
    api.author("ana")
    eve = _from(api, "192.0.2.66")
    for _ in range(LIMITS["login-account-and-address"].burst):
        assert eve.log_in("ana", "wrong password").status_code == 401
    answer = eve.log_in("ana", PASSWORD)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "60"
    assert answer.json() == {"error": "This was done very often. Try again in 60 seconds."}
    answer = eve.submit("/account/login", {"user": "ana", "password": PASSWORD})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert "Try again in 60 seconds" in answer.text
    api.clock.advance(60)
    assert eve.log_in("ana", PASSWORD).status_code == 200


def test_an_unknown_name_is_limited_in_the_same_way(api: RunningApi) -> None:
    eve = _from(api, "192.0.2.66")
    burst = LIMITS["login-account-and-address"].burst
    answers = [eve.log_in("nobody", "wrong password").status_code for _ in range(burst + 1)]
    assert answers == [401] * burst + [429]


def test_many_names_from_one_address_are_limited(api: RunningApi) -> None:
    eve = _from(api, "2001:db8::1")
    burst = LIMITS["login-address"].burst
    answers = [eve.log_in(f"user{number}", "x").status_code for number in range(burst)]
    assert set(answers) == {401}
    assert _from(api, "2001:db8::2").log_in("ana", "x").status_code == 429, "the same network"
    assert _from(api, "2001:db8:0:1::2").log_in("ana", "x").status_code == 401


def test_many_addresses_that_guess_lock_nobody_out_of_a_browser_they_used(
    api: RunningApi,
) -> None:
    ana = api.author("ana")
    ana.send("DELETE", "/api/session")
    stopped = False
    for number in range(LIMITS["login-account"].burst):
        eve = _from(api, f"192.0.2.{number}")
        stopped = eve.log_in("ana", "wrong password").status_code == 429
    assert not stopped
    stranger = _from(api, "198.51.100.1")
    assert stranger.log_in("ana", PASSWORD).status_code == 429, "all unknown browsers wait"
    assert ana.log_in("ana").status_code == 200, "a known browser does not"


def test_a_known_browser_cannot_guess_for_ever_either(api: RunningApi) -> None:
    ana = api.author("ana")
    ana.send("DELETE", "/api/session")
    burst = LIMITS["login-device"].burst
    answers = [ana.log_in("ana", "wrong password").status_code for _ in range(burst + 1)]
    assert answers == [401] * burst + [429]
    assert _from(api, "192.0.2.1").log_in("ana").status_code == 200, "others have theirs"


def test_a_browser_is_known_to_its_account_only_and_until_the_password_changes(
    api: RunningApi,
) -> None:
    ana, other = api.author("ana"), api.author("ben")
    for visitor in [ana, other]:
        visitor.send("DELETE", "/api/session")
    for _ in range(LIMITS["login-account-and-address"].burst):
        other.log_in("ana", "wrong password")
    assert other.log_in("ana").status_code == 429, "Ben's browser is unknown to Ana"
    assert ana.log_in("ana").status_code == 200
    device = ana.client.cookies["device"]
    ana.send("PUT", "/api/me/password", {"old": PASSWORD, "new": "a wholly new password"})
    assert ana.client.cookies["device"] != device
    for forged in [device, "x.y", device.partition(".")[0] + "." + "0" * 64, "é", "."]:
        visitor = api.visitor()
        cookie = "; ".join([f"device={forged}", _visitor_cookie(visitor)])
        answer = visitor.client.post(
            "/api/session",
            json={"user": "ana", "password": "a wholly new password"},
            headers=[
                (b"Cookie", cookie.encode()),
                (b"X-CSRF-Token", visitor.get("/api/session").json()["csrf"].encode()),
            ],
        )
        assert answer.status_code == 429


def _visitor_cookie(visitor: Visitor) -> str:
    visitor.get("/api/session")
    return f"visitor={visitor.client.cookies['visitor']}"


# -- other limits ----------------------------------------------------------------------------------


def test_sign_ups_are_limited_by_address(api: RunningApi) -> None:
    burst = LIMITS["signup"].burst
    for number in range(burst):
        _from(api, "192.0.2.1").sign_up(f"user-number-{number}x")
    value = {"user": "one-more", "password": PASSWORD}
    assert _from(api, "192.0.2.1").send("POST", "/api/accounts", value).status_code == 429
    assert _from(api, "192.0.2.2").send("POST", "/api/accounts", value).status_code == 201


def test_writes_are_limited_by_account(api: RunningApi) -> None:
    ana, ben = api.author("ana"), api.author("ben")
    token = ana.get("/api/session").json()["csrf"]
    burst = LIMITS["write"].burst
    headers = {"X-CSRF-Token": token}
    answers = [
        ana.client.patch("/api/me", json={"name": f"Ana {number}"}, headers=headers).status_code
        for number in range(burst + 1)
    ]
    assert answers == [200] * burst + [429]
    assert ben.send("PATCH", "/api/me", {"name": "Ben"}).status_code == 200
    api.clock.advance(1)
    assert ana.send("PATCH", "/api/me", {"name": "Ana"}).status_code == 200


def test_a_session_does_not_help_to_guess_the_password(api: RunningApi) -> None:
    ana = api.author("ana")
    value = {"old": "wrong password", "new": "a wholly new password"}
    burst = LIMITS["confirm"].burst
    answers = [ana.send("PUT", "/api/me/password", value).status_code for _ in range(burst + 1)]
    assert answers == [422] * burst + [429]


def test_housekeeping_removes_what_has_expired(api: RunningApi) -> None:
    api.author("ana")
    api.clock.advance(15 * 24 * 3600)
    api.author("ben")
    housekeeping.clean(api.platform)
    with api.platform.database.reading() as connection:
        sessions = connection.rows("SELECT account FROM session")
        rates = connection.rows("SELECT key FROM rate")
    assert len(sessions) == 1
    assert {row["key"].partition(":")[0] for row in rates} == {"signup"}
