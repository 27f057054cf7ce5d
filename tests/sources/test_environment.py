"""Variables of a site, and what becomes of secrets."""

from __future__ import annotations

import base64
import json
import pickle
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.live.data_source import DataSource
from ssg.sources.data_client import SourceError
from ssg.sources.environment import SiteEnvironment
from ssg.sources.redaction import MIN_SECRET_LENGTH, REDACTED, Redaction

ODD = 'käse/"to k&n"%+='


def test_only_what_the_site_names_is_known() -> None:
    source = DataSource("posts", url="${URL}/v1", headers={"X": "a ${KEY} ${NONE}"})
    variables = {"URL": "http://x", "KEY": "kkkk", "ID": "G-1", "HOME": "/root"}
    environment = SiteEnvironment.for_site(variables, ("ID", "URL", "UNSET"), [source])
    assert environment.values == {"URL": "http://x", "KEY": "kkkk", "ID": "G-1"}
    assert environment.visible_values == {"ID": "G-1", "URL": "http://x"}


def test_a_text_is_filled_once() -> None:
    environment = SiteEnvironment({"A": "${B}", "B": "b"})
    assert environment.fill("${A}-$B-${B}-{A}", "it") == "${B}-$B-b-{A}"


def test_variables_without_values_are_named() -> None:
    environment = SiteEnvironment({"B": "b-value"})
    with pytest.raises(SourceError) as caught:
        environment.fill("${A} ${B} ${C} ${A}", "the header X")
    assert str(caught.value) == (
        "the header X needs a value of the variable A, C, which is not set"
    )


@pytest.mark.parametrize(
    "spelling",
    [
        ODD,
        quote(ODD),
        quote(ODD, safe=""),
        quote(ODD, safe="").lower(),
        quote_plus(ODD),
        json.dumps(ODD),
        json.dumps(ODD, ensure_ascii=False),
        json.dumps(ODD).replace("/", "\\/"),
        repr(ODD),
        base64.b64encode(ODD.encode()).decode(),
        *(base64.b64encode(b"x" * n + b":" + ODD.encode()).decode() for n in range(5)),
        *(base64.urlsafe_b64encode(b"x" * n + ODD.encode() + b"z").decode() for n in range(5)),
    ],
)
def test_a_secret_is_removed_however_it_is_encoded(spelling: str) -> None:
    environment = SiteEnvironment({"KEY": ODD, "ID": "visible"}, ("ID",))
    text = environment.redact(f"a visible text: <{spelling}>")
    assert REDACTED in text
    assert text.startswith("a visible text: <")
    assert "visible" in text
    left = text.removeprefix("a visible text: <").removesuffix(">").replace(REDACTED, "")
    assert len(left) <= 12  # what neighbours share with it in Base64, and quotes
    redaction = environment.redaction_of(["Bearer ${KEY}"])
    assert redaction.body(spelling.encode()) == environment.redact(spelling).encode()


@given(st.text(min_size=MIN_SECRET_LENGTH), st.text(), st.text())
def test_no_text_contains_a_secret_afterwards(secret: str, before: str, after: str) -> None:
    redacted = Redaction.of([secret]).text(before + secret + after)
    assert secret not in redacted or secret in REDACTED


def test_the_password_of_a_database_is_a_secret_by_itself() -> None:
    environment = SiteEnvironment({"DB": "postgresql://ssg:p%40ssw0rd@db/blog"})
    assert environment.redact("for user ssg: p@ssw0rd, p%40ssw0rd") == (
        f"for user ssg: {REDACTED}, {REDACTED}"
    )
    assert SiteEnvironment({"DB": "http://[broken"}).redact("nothing") == "nothing"


def test_secrets_of_some_texts_are_removed_alone() -> None:
    values = {"KEY": "key-value", "DB": "postgresql://postgres:postgres@db/blog", "ID": "visible"}
    redaction = SiteEnvironment(values, ("ID",)).redaction_of(["Bearer ${KEY}", "${ID} ${NONE}"])
    assert redaction.text("key-value visible postgres") == f"{REDACTED} visible postgres"


def test_visible_and_short_values_are_left() -> None:
    environment = SiteEnvironment({"ID": "visible", "N": "abc", "EMPTY": ""}, ("ID",))
    assert environment.redact("visible abc") == "visible abc"


def test_values_are_not_shown_by_accident() -> None:
    environment = SiteEnvironment({"KEY": ODD, "ID": "visible"}, ("ID",))
    environment.redact("")
    assert ODD not in repr(environment) + str(environment) + repr(vars(environment)["_redaction"])
    assert pickle.loads(pickle.dumps(environment)).redact(ODD) == REDACTED  # noqa: S301 its own
