"""Passwords: hashed with Argon2id, and never more than a few at once.

A password is normalised by NFKC before it is hashed, as NIST SP 800-63B says: keyboards and systems
write one and the same `é` as one code point or as two, and what somebody types is to count.

There is no e-mail on the platform. Users who have forgotten a password ask an administrator, who
sets a new one with `python -m blog set-password NAME`.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import Parameters, PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from blog.refusal import RefusalError, invalid

MIN_CHARACTERS = 10
MAX_CHARACTERS = 200
MAX_AT_ONCE = 2
"""Hashes that are computed at the same time: each needs 64 MiB and more than one core."""
MAX_WAITING = 8
"""Requests that wait for that. Further ones are refused at once, so others keep their threads."""

_WELL_KNOWN_TEXT = """
    0123456789 1234567890 12345678910 123456789a 1q2w3e4r5t abcdefghij administrator iloveyou12
    letmein123 mypassword passw0rd123 password12 password123 password1234 qwerty12345 qwerty123456
    qwertyuiop qwertzuiop welcome123
"""
_WELL_KNOWN = frozenset(_WELL_KNOWN_TEXT.split())


class Passwords:
    """Hashes and verifies passwords, by the second recommendation of RFC 9106 (section 4)."""

    def __init__(self, parameters: Parameters = RFC_9106_LOW_MEMORY) -> None:
        self._hasher = PasswordHasher.from_parameters(parameters)
        self._running = threading.BoundedSemaphore(MAX_AT_ONCE)
        self._places = threading.BoundedSemaphore(MAX_AT_ONCE + MAX_WAITING)
        self._of_nobody = ""

    def hashed(self, password: str) -> str:
        """The hash of a password that `checked` has seen."""
        with self._turn():
            return self._hasher.hash(_normalised(password))

    def matches(self, password: str, stored: str) -> bool:
        """Whether a password is the one of a stored hash.

        No hash, of an account that does not exist or that nobody can log in to, costs the same.
        """
        if not self._of_nobody:
            self._of_nobody = self.hashed("the password of nobody")
        text = _normalised(password)
        is_possible = bool(stored) and len(password) <= MAX_CHARACTERS and _is_text(text)
        with self._turn():
            return self._is_same(stored, text) if is_possible else self._is_same("", "")

    def is_outdated(self, stored: str) -> bool:
        """Whether a hash has other parameters than those of today."""
        return self._hasher.check_needs_rehash(stored)

    def _is_same(self, stored: str, text: str) -> bool:
        """Verify once; nothing is the password of nobody."""
        try:
            return self._hasher.verify(stored or self._of_nobody, text)
        except (VerificationError, InvalidHashError):
            return False

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for a turn. Raises RefusalError if too many wait."""
        if not self._places.acquire(blocking=False):
            message = "Very many people are logging in. Try again in a moment."
            raise RefusalError(503, message, headers={"Retry-After": "5"})
        try:
            with self._running:
                yield
        finally:
            self._places.release()


def checked_password(password: str, name: str, field: str = "password") -> str:
    """A new password. Raises RefusalError, which says what is wrong with it."""
    text = _normalised(password)
    problem = ""
    if len(text) < MIN_CHARACTERS:
        problem = f"A password has at least {MIN_CHARACTERS} characters: a few words, for example."
    elif len(password) > MAX_CHARACTERS or len(text) > MAX_CHARACTERS:
        problem = f"A password has at most {MAX_CHARACTERS} characters."
    elif not _is_text(text):
        problem = "This has characters that cannot be written."
    elif _is_easy(text.casefold(), name):
        problem = "Others would guess this. A few words that do not belong together are better."
    if problem:
        raise invalid({field: problem})
    return password


def _is_easy(text: str, name: str) -> bool:
    """Whether a password is the name, one piece again and again, or one that everybody knows."""
    is_repeated = text in (text + text)[1:-1]
    return is_repeated or text in _WELL_KNOWN or text.replace(name, "").isdecimal() or text == name


def _normalised(password: str) -> str:
    return unicodedata.normalize("NFKC", password[: MAX_CHARACTERS + 1])


def _is_text(password: str) -> bool:
    """Whether it has a form in UTF-8: half of a surrogate pair, which JSON can have, does not."""
    return not any("\ud800" <= character <= "\udfff" for character in password)
