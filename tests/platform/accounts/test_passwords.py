from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type
from argon2.profiles import CHEAPEST, RFC_9106_LOW_MEMORY
from hypothesis import given
from hypothesis import strategies as st

from blog.accounts import passwords
from blog.accounts.passwords import Passwords, checked_password
from blog.refusal import RefusalError
from tests.platform.client import PASSWORD, RunningApi

QUICK = Passwords(CHEAPEST)


@pytest.fixture
def verifications(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The hashes against which a password was verified."""
    seen, verify = list[str](), PasswordHasher.verify

    def count(self: PasswordHasher, stored: str, password: str) -> bool:
        seen.append(stored)
        return verify(self, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", count)
    yield seen


def _parameters(stored: str) -> list[str]:
    return stored.split("$")[1:4]


# -- what is one -----------------------------------------------------------------------------------


@pytest.mark.parametrize("password", [PASSWORD, "pässwörter", "密码密码密码密码密码一二"])
def test_passwords(password: str) -> None:
    assert checked_password(password, "ana") == password


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("", "at least 10 characters"),
        ("x" * 9, "at least 10 characters"),
        ("correct horse " * 20, "at most 200 characters"),
        ("\ufdfa" * 50, "at most 200 characters"),
        ("aaaaaaaaaaaa", "Others would guess this"),
        ("abababababab", "Others would guess this"),
        ("Password123", "Others would guess this"),
        ("ana-lima-x", "Others would guess this"),
        ("ANA-LIMA-X", "Others would guess this"),
        ("ana-lima-x1234", "Others would guess this"),
        ("12345678901234567890123", "Others would guess this"),
        ("long enough \ud800", "cannot be written"),
    ],
)
def test_what_is_not_one_is_told_why(password: str, problem: str) -> None:
    with pytest.raises(RefusalError, match="correct what is marked") as caught:
        checked_password(password, "ana-lima-x", "new")
    assert problem in caught.value.fields["new"]


# -- hashes ----------------------------------------------------------------------------------------


def test_they_are_hashed_with_argon2id_as_rfc_9106_recommends() -> None:
    stored = Passwords().hashed(PASSWORD)
    found = extract_parameters(stored)
    assert found.type is Type.ID
    assert (found.memory_cost, found.time_cost, found.parallelism) == (65_536, 3, 4)
    assert found == RFC_9106_LOW_MEMORY
    assert Passwords().matches(PASSWORD, stored)


@given(st.text(min_size=10, max_size=200), st.text(min_size=10, max_size=200))
def test_a_password_matches_its_own_hash_only(one: str, other: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in one + other):
        return
    stored = QUICK.hashed(one)
    assert QUICK.matches(one, stored)
    is_same = passwords._normalised(one) == passwords._normalised(other)
    assert QUICK.matches(other, stored) == is_same


def test_how_a_keyboard_writes_a_letter_does_not_matter() -> None:
    composed, decomposed = "caf\u00e9 au lait", "cafe\u0301 au lait"
    assert QUICK.matches(decomposed, QUICK.hashed(composed))
    assert not QUICK.matches("cafe au lait", QUICK.hashed(composed))


def test_nothing_is_the_password_of_nobody() -> None:
    for password in ["", "the password of nobody", PASSWORD]:
        assert not QUICK.matches(password, "")
    assert not QUICK.matches(PASSWORD, "not a hash")


# -- the same cost and answer ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user", "password"),
    [
        ("ana", PASSWORD + "x"),
        ("ana", ""),
        ("ana", "x" * 200),
        ("nobody", PASSWORD),
        ("suspended", PASSWORD),
        ("deleted", PASSWORD),
        ("not a name", PASSWORD),
        ("", PASSWORD),
    ],
)
def test_each_failure_costs_one_verification_with_the_same_parameters(
    api: RunningApi, verifications: list[str], user: str, password: str
) -> None:
    for name in ["ana", "suspended", "deleted"]:
        api.author(name + "-x" if name == "deleted" else name)
    with api.platform.database.writing() as connection:
        connection.change("UPDATE account SET suspended = 1 WHERE name = 'suspended'")
        connection.change("UPDATE account SET deleted = 1, password = '' WHERE name = 'deleted-x'")
    if user == "deleted":
        user = "deleted-x"
    verifications.clear()
    answer = api.visitor().log_in(user, password)
    assert (answer.status_code, answer.json()) == (
        401,
        {"error": "The name or the password is wrong."},
    )
    assert len(verifications) == 1
    assert _parameters(verifications[0]) == _parameters(QUICK.hashed("x"))


def test_a_hash_with_older_parameters_is_renewed_at_log_in(api: RunningApi) -> None:
    ana = api.author("ana")
    older = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY).hash(PASSWORD)
    with api.platform.database.writing() as connection:
        connection.change("UPDATE account SET password = :hash", hash=older)
    assert api.visitor().log_in("ana").status_code == 200
    with api.platform.database.reading() as connection:
        row = connection.row("SELECT password FROM account")
    assert row is not None
    assert _parameters(row["password"]) == _parameters(QUICK.hashed("x"))
    assert ana.log_in("ana").status_code == 200


# -- a flood ---------------------------------------------------------------------------------------


def test_few_are_computed_at_once_and_a_flood_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    lock, running, most = threading.Lock(), 0, 0
    go_on = threading.Event()

    def slow(self: PasswordHasher, password: str) -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        go_on.wait(10)
        with lock:
            running -= 1
        return "hash"

    monkeypatch.setattr(PasswordHasher, "hash", slow)
    pool, answers = Passwords(CHEAPEST), list[str]()

    def use() -> None:
        try:
            answers.append(pool.hashed(PASSWORD))
        except RefusalError as error:
            answers.append(f"{error.status} {error.headers['Retry-After']}")

    places = passwords.MAX_AT_ONCE + passwords.MAX_WAITING
    threads = [threading.Thread(target=use) for _ in range(places + 5)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 10
    while len(answers) < 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert answers == ["503 5"] * 5, "they did not wait"
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert answers[5:] == ["hash"] * places
    assert most == passwords.MAX_AT_ONCE
    assert pool.hashed(PASSWORD) == "hash", "all places are free again"
