"""Reading and writing the redirects of a netlify.toml."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.errors import Location
from ssg.redirects.formats.netlify_toml import parse_netlify_toml, write_netlify_toml
from ssg.redirects.rule import RedirectRule, RuleConditions
from tests.redirects.strategies import rules

FULL = """
[build]
publish = "public"

[[redirects]]
from = "/a/*"
to = "/b/:splat"
status = 200
force = true
query = { id = ":id", page = 2 }
conditions = { Country = ["us", "ca"], Language = "en, fr", Role = ["admin"], Cookie = ["x"] }
headers = { X-From = "us" }
signed = "KEY"

# another
  [[redirects]]
  origin = "https://old.example/x"
  destination = "/y"
  params = { a = "b" }
  [redirects.rate_limit]
  window_size = 5
"""


def problems(text: str) -> list[str]:
    """The problems of a text, as they are printed."""
    return [str(problem) for problem in parse_netlify_toml(text).problems]


def test_every_field() -> None:
    parsed = parse_netlify_toml(FULL, "netlify.toml")
    assert parsed.problems == ()
    assert parsed.rules == (
        RedirectRule(
            "/a/*",
            "/b/:splat",
            200,
            force=True,
            query=(("id", ":id"), ("page", "2")),
            conditions=RuleConditions(("us", "ca"), ("en", "fr"), ("admin",), ("x",)),
            headers=(("X-From", "us"),),
            signed="KEY",
        ),
        RedirectRule("/x", "/y", origin="https://old.example", query=(("a", "b"),)),
    )
    assert [rule.where for rule in parsed.rules] == [
        Location("netlify.toml", 5),
        Location("netlify.toml", 16),
    ]


def test_an_inline_list_has_one_place() -> None:
    parsed = parse_netlify_toml('redirects = [{from="/a", to="/b"}, {from="/c", to="/d"}]')
    assert [str(rule.where) for rule in parsed.rules] == ["netlify.toml:1", "netlify.toml:1"]


@pytest.mark.parametrize("text", ["", "[build]\n", "redirects = []"])
def test_a_file_may_have_no_redirects(text: str) -> None:
    assert parse_netlify_toml(text).rules == ()
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("redirects = 3", "netlify.toml: `redirects` is not a list of tables"),
        ("redirects = [3]", "netlify.toml:1: a redirect is not a table"),
        ('a = "', "netlify.toml: this is not TOML: Unterminated string"),
        ("a = 1\nb = !", "netlify.toml:2:5: this is not TOML: Invalid value"),
        ('[[redirects]]\nto = "/b"', 'netlify.toml:1: a redirect has no "from"'),
        ("[[redirects]]\nfrom = 3", 'netlify.toml:1: "from" is not a text'),
        (
            '[[redirects]]\nfrom = "/a"',
            "netlify.toml:1: the destination is missing. "
            "Write it after the path. Only rules such as `/path/* 200` need none",
        ),
        (
            '[[redirects]]\nfrom = "/a"\nto = "b"',
            'netlify.toml:1: "b" is neither a path nor a URL. '
            "A destination begins with /, http:// or https://",
        ),
        (
            '[[redirects]]\nfrom = "/a"\nto = "/b"\nforse = true',
            'netlify.toml:1: a redirect has no "forse". Did you mean "force"?',
        ),
        (
            '[[redirects]]\nfrom = "/a"\nto = "/b"\nforce = 1',
            'netlify.toml:1: "force" is not true or false',
        ),
        (
            '[[redirects]]\nfrom = "/a"\nto = "/b"\nstatus = "x"',
            'netlify.toml:1: "status" is not a whole number',
        ),
        (
            '[[redirects]]\nfrom = "/a"\nto = "/b"\nconditions = {Role = 1}',
            'netlify.toml:1: the condition "Role" is neither a text nor a list of texts',
        ),
        (
            '[[redirects]]\nfrom = "/a"\nto = "/b"\nquery = {id = []}',
            'netlify.toml:1: "id" in "query" is not a text',
        ),
    ],
)
def test_what_is_wrong(text: str, message: str) -> None:
    assert problems(text) == [message]


def test_every_problem_is_reported() -> None:
    text = (
        '[[redirects]]\nfrom = "a"\nto = "b"\n[[redirects]]\nfrom = "/a"\nto = "/b"\nstatus = 1\n'
    )
    assert [message.split(": ")[0] for message in problems(text)] == [
        "netlify.toml:1",
        "netlify.toml:1",
        "netlify.toml:4",
    ]


@given(st.lists(rules(), max_size=4))
def test_written_rules_are_read_the_same(written: list[RedirectRule]) -> None:
    parsed = parse_netlify_toml(write_netlify_toml(written))
    assert parsed.problems == ()
    assert list(parsed.rules) == written


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_text_can_be_written(text: str) -> None:
    rule = RedirectRule("/a", "/b", query=((text, text),), headers=((text, text),), signed=text)
    assert parse_netlify_toml(write_netlify_toml([rule])).rules == (rule,)


@given(st.text())
def test_any_text_gives_rules_or_problems(text: str) -> None:
    parsed = parse_netlify_toml(text)
    assert parsed.rules == ()


JSON = st.recursive(
    st.one_of(st.booleans(), st.integers(0, 700), st.text("/a:*,", max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["Role", "id"]), inner)
    ),
    max_leaves=4,
)
FIELDS = ["from", "to", "status", "force", "query", "conditions", "headers", "signed", "nope"]


@given(st.dictionaries(st.sampled_from(FIELDS), JSON, min_size=1))
def test_any_entry_gives_a_rule_or_problems(entry: dict[str, object]) -> None:
    parsed = parse_netlify_toml(f"redirects = [{_inline(entry)}]")
    assert len(parsed.rules) == 1 or parsed.problems


def _inline(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else repr(value)
