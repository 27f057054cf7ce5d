"""Schemas of data: what a build compiles and refuses, and what the runtime says of data."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.build.tag_table.tag_values import tag_table
from ssg.content.inputs.json_lines import line_of
from ssg.render.dependencies.tags import Dependency
from ssg.runtime.live.schema_check import SchemaError
from tests.conftest import Built
from tests.live_site import LiveSite

CONFIG = """
theme = ""
base_url = "https://example.org/"
[sources.api]
url = "https://api.example.org"
[sources.posts]
url = "https://posts.example.org"
schema = "blog"
[collections.blog]
strict = true
[collections.blog.fields.title]
required = true
min = 2
max = 20
[collections.blog.fields.date]
type = "date"
min = 2020-01-01
max = 2030-01-01
[collections.blog.fields.kind]
choices = ["a", "b"]
[collections.blog.fields.stars]
type = "integer"
max = 5
[collections.blog.fields.tags]
type = "texts"
choices = ["x", "y"]

[[routes]]
path = "/one/{slug}/"
template = "post.html"
data.post = { source = "api", path = "/{slug}", schema = "schemas/post.json" }
data.more = { source = "api", path = "/more", optional = true }

[[routes]]
path = "/blog/{slug}/"
template = "post.html"
data.post = { source = "posts", path = "/{slug}" }

[[routes]]
path = "/list/{slug}/"
template = "post.html"
data.posts = { source = "posts", path = "/{slug}" }
list = { items = "posts.items", path = "/blog/{item.title}/" }

[[routes]]
path = "/loader/{slug}/"
template = "post.html"
loader = "post"
"""
SCHEMA: Mapping[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "required": ["title", "author"],
    "properties": {
        "title": {"type": "string", "minLength": 2, "maxLength": 10, "pattern": "^[\\w ]+$"},
        "author": {"$ref": "#/definitions/author"},
        "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True, "maxItems": 3},
        "stars": {"type": ["integer", "null"], "minimum": 1, "maximum": 5},
        "date": {"type": "string", "format": "date"},
        "mail": {"type": "string", "format": "email"},
        "kind": {"enum": ["a", "b"]},
        "meta": {"type": "object", "additionalProperties": {"type": "integer"}},
        "price": {"multipleOf": 0.1},
        "form": {"format": "regex"},
    },
    "definitions": {
        "author": {
            "type": "object", "required": ["name"], "additionalProperties": False,
            "properties": {"name": {"type": "string"}, "boss": {"$ref": "#/definitions/author"}},
        },
    },
}  # fmt: skip
FILES = {
    "ssg.toml": CONFIG,
    "schemas/post.json": json.dumps(SCHEMA, indent=2),
    "hooks.py": 'def setup(hooks):\n    @hooks.loader\n    def post(request):\n'
    '        post = yield request.ask("posts", path="/{slug}")\n        return {"post": post}\n',
    "content/_index.md": "",
    "content/blog/_index.md": "",
    "templates/section.html": "",
    "templates/page.html": "",
    "templates/post.html": "ok",
}  # fmt: skip
MARK = "s3cr3t-value"
POST: Mapping[str, Any] = {"title": "A title", "author": {"name": "Ana"}}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> LiveSite:
    return LiveSite.make(tmp_path_factory.mktemp("site"), FILES)


def reason(live: LiveSite, path: str, answer: Any) -> str:
    found = live.get(path, {"/x": answer})
    assert found.status in {200, 500}
    assert found.status == 200 or MARK not in str(found.failure)
    return found.failure.message.rpartition(": ")[2] if found.failure else ""


@pytest.mark.parametrize(
    ("path", "answer", "schema"),
    [
        ("/one/x/", POST, "schemas/post.json"),
        ("/blog/x/", {"title": "A title"}, "blog"),
        ("/loader/x/", {"title": "A title"}, "blog"),
    ],
)
def test_a_new_schema_purges_pages_whose_data_may_no_longer_fit(
    live: LiveSite, tmp_path: Path, path: str, answer: Any, schema: str
) -> None:
    found = live.get(path, {"/x": answer})
    assert found.status == 200
    other = {**SCHEMA, "required": ["title"]}
    files = {"ssg.toml": CONFIG.replace("max = 20", "max = 21"), "schemas/post.json": other}
    texts = {name: one if isinstance(one, str) else json.dumps(one) for name, one in files.items()}
    changed = LiveSite.make(tmp_path, {**FILES, **texts}).built.report.database
    before, now = tag_table(live.built.report.database, ""), tag_table(changed, "")
    assert Dependency("schema", schema).tag in {*now.differing(before)} & {*found.caching.tags}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, ""),
        ({"tags": ["a", "b"], "stars": None, "date": "2026-02-28", "mail": "a@b.org"}, ""),
        ({"meta": {"any": 1}, "other": [1]}, ""),
        ({"title": 3}, "post.title must be text"),
        ({"title": "x"}, "post.title must have at least 2 characters"),
        ({"title": MARK + "x"}, "post.title must have at most 10 characters"),
        ({"title": "a-b!"}, r"post.title must match the pattern ^[\w ]+$"),
        ({"title": "öö"}, r"post.title must match the pattern ^[\w ]+$"),
        ({"author": MARK}, "post.author must be a table"),
        ({"author": {}}, "post.author must have name"),
        ({"author": {"name": "A", "boss": {"name": 1}}}, "post.author.boss.name must be text"),
        ({"author": {"name": "A", MARK: 1}},
         "post.author must have no other fields than the schema names"),
        ({"tags": ["a", MARK, 1]}, "post.tags.2 must be text"),
        ({"tags": [MARK, MARK]}, "post.tags must have no item twice"),
        ({"tags": ["a", "b", "c", "d"]}, "post.tags must have at most 3 items"),
        ({"stars": 2.5}, "post.stars must be a whole number or null"),
        ({"stars": 9}, "post.stars must be at most 5"),
        ({"stars": True}, "post.stars must be a whole number or null"),
        ({"date": "2026-02-30"}, "post.date must be in the format date"),
        ({"mail": MARK}, "post.mail must be in the format email"),
        ({"kind": MARK}, "post.kind must be one of the values that the schema lists"),
        ({"meta": {MARK: "x"}}, "post.meta.* must be a whole number"),
        ({"price": 0.3}, ""),
        ({"price": 0.35}, "post.price must be a multiple of 0.1"),
        ({"form": "["}, 'post.form must be in the format regex'),
    ],
)  # fmt: skip
def test_data_that_does_not_fit_is_a_failure(
    live: LiveSite, changes: Mapping[str, Any], message: str
) -> None:
    assert reason(live, "/one/x/", {**POST, **changes}) == message


def test_the_failure_names_route_and_source(live: LiveSite) -> None:
    found = live.get("/one/x/", {"/x": [1]})
    assert found.failure
    hint = "it is a list: `one = true` takes its first row"
    assert found.failure.message == f"/one/{{slug}}/: api: post must be a table; {hint}"
    assert live.get("/one/x/", {"/x": {"a": 1}}).failure.message.endswith(  # type: ignore[union-attr]
        "post must have title, author"
    )


BLOG: Mapping[str, Any] = {"title": "Title"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, ""),
        ({"date": "2026-01-02", "kind": "a", "stars": 5, "tags": ["x"]}, ""),
        ({"date": None, "kind": None, "stars": None, "tags": None}, ""),
        ({"title": None}, "post.title must be text"),
        ({"title": "x"}, "post.title must have at least 2 characters"),
        ({"other": MARK}, "post must have no other fields than the schema names"),
        ({"kind": MARK}, "post.kind must be one of the values that the schema lists"),
        ({"date": "2019-01-02"}, "post.date must be a date from 2020-01-01 until 2030-01-01"),
        (
            {"date": "2030-01-02T00:00:00Z"},
            "post.date must be a date from 2020-01-01 until 2030-01-01",
        ),
        ({"date": "soon"}, "post.date must be a date from 2020-01-01 until 2030-01-01"),
        ({"stars": 6}, "post.stars must be at most 5"),
        ({"tags": ["x", "z"]}, "post.tags.1 must be one of the values that the schema lists"),
    ],
)
def test_a_collection_is_a_schema(live: LiveSite, changes: Mapping[str, Any], message: str) -> None:
    data = {**BLOG, **changes}
    assert reason(live, "/blog/x/", data) == message
    of_loader = message.replace("post", "posts", 1)
    assert reason(live, "/loader/x/", data) == of_loader
    assert reason(live, "/blog/x/", [BLOG, data]) == message.replace("post", "post.1", 1)


def test_a_collection_is_that_of_each_item_of_a_list(live: LiveSite) -> None:
    assert reason(live, "/list/x/", {"items": [BLOG, BLOG], "total": 2}) == ""
    assert reason(live, "/list/x/", {"items": [BLOG, {"title": 1}]}) == (
        "posts.items.1.title must be text"
    )


def test_data_that_is_nested_too_deep_is_a_failure(live: LiveSite) -> None:
    author: dict[str, Any] = {"name": "A"}
    for _ in range(400):
        author = {"name": "A", "boss": author}
    found = live.get("/one/x/", {"/x": {"title": "Title", "author": author}})
    assert found.status in {200, 500}
    checks = live.renderer.schemas
    for _ in range(100_000):
        author = {"name": "A", "boss": author}
    with pytest.raises(SchemaError, match="post is nested too deep"):
        checks.check("schemas/post.json", "post", {"title": "Title", "author": author})


def test_what_the_code_cannot_judge_does_not_fit(live: LiveSite) -> None:
    data = {"title": "Title", "author": {"name": "A"}, "price": float("inf")}
    with pytest.raises(SchemaError, match="post cannot be checked: OverflowError"):
        live.renderer.schemas.check("schemas/post.json", "post", data)


def test_the_code_runs_without_the_package(live: LiveSite) -> None:
    text = live.built.site.schema_code("schemas/post.json")
    assert text
    code = json.loads(text)["code"]
    assert "import" in code
    lines = [line for line in code.splitlines() if "import" in line and not line.startswith(" ")]
    assert {line.split()[1] for line in lines} == {"re", "fastjsonschema"}
    loaded = "import sys; from ssg.runtime.live import schema_check; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", loaded], capture_output=True, check=True)
    assert b"fastjsonschema" not in modules.stdout


def test_a_build_after_an_edit_has_the_new_schema(site: Callable[..., Built]) -> None:
    before = site(FILES, target="server").site.schema_code("schemas/post.json")
    assert site({}, target="server").site.schema_code("schemas/post.json") == before
    now = site({"schemas/post.json": '{"type": "string"}'}, target="server")
    assert now.site.schema_code("schemas/post.json") != before
    assert now.site.schema_code("blog") is not None


@pytest.mark.parametrize(
    ("schema", "line"),
    [
        ('{\n"type": "object",\n"properties": {"a": {\n"prefixItems": []}}}',
         'schemas/post.json:4: "prefixItems" is not a keyword of draft 7, and would not be '
         "checked"),
        ('{\n"items": [{}, {"format": "a",\n"$ref": "other.json"}]}',
         'schemas/post.json:3: the reference "other.json" leads out of the file. Put it into '
         '"definitions" of this file: "#/definitions/name"'),
        ('{\n"pattern": "\\\\p{L}"}',
         'schemas/post.json:2: the pattern "\\p{L}" is not a regular expression: bad escape \\p at '
         "position 0. Python reads it: no \\p{...}, and (?P<name>...) for a named group"),
        ('{"$schema":\n"https://json-schema.org/draft/2020-12/schema"}',
         'schemas/post.json:1: unknown draft "https://json-schema.org/draft/2020-12/schema". Write '
         "http://json-schema.org/draft-07/schema#"),
        ('{"a": 1', "schemas/post.json:1:8: JSON: Expecting ',' delimiter"),
        ('{"type": "strin"}', "schemas/post.json: not a JSON Schema: Unknown type"),
        ("[]", "schemas/post.json:1: a schema is an object, true or false"),
        ('{"$ref": "#/definitions/a"}',
         "schemas/post.json: not a JSON Schema: Unresolvable ref: definitions"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_an_error_of_the_build(
    problems: Callable[..., list[str]], schema: str, line: str
) -> None:
    found = problems({**FILES, "schemas/post.json": schema}, target="server")
    assert line in found


def test_a_keyword_may_be_the_name_of_a_property(problems: Callable[..., list[str]]) -> None:
    schema = '{"properties": {"prefixItems": {"enum": [{"$ref": "a"}]}},\n"format": "zip"}'
    (line,) = problems({**FILES, "schemas/post.json": schema}, target="server")
    assert line.startswith('schemas/post.json:2: unknown format "zip". One of date, date-time')


@pytest.mark.parametrize("name", ["post.json", "schemas/../../a.json", "schemas/none.json", "blo"])
def test_a_schema_is_a_file_or_a_collection(problems: Callable[..., list[str]], name: str) -> None:
    config = CONFIG.replace("schemas/post.json", name)
    (line,) = problems({**FILES, "post.json": "{}", "ssg.toml": config}, target="server")
    assert line.startswith("ssg.toml:")
    assert name in line


def test_a_reference_never_asks_the_network(problems: Callable[..., list[str]]) -> None:
    schema = '{"$id": "https://evil.example.org/", "$ref": "https://evil.example.org/a.json"}'
    (line,) = problems({**FILES, "schemas/post.json": schema}, target="server")
    assert "leads out of the file" in line


# -- the same as jsonschema --------------------------------------------------------------------

scalars = st.none() | st.booleans() | st.integers(-3, 9) | st.floats(-2, 9) | st.text(max_size=4)
values = st.recursive(
    scalars,
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.sampled_from([*SCHEMA["properties"], "name", "boss", "x"]), below)
    ),
    max_leaves=8,
)
fields: Mapping[str, Any] = {
    key: values
    for key in SCHEMA["properties"]
    if key not in {"author", "mail", "date", "title", "form"}
}


@given(st.fixed_dictionaries({"title": st.just("Title"), "author": values}, optional=fields))
def test_any_data_is_judged_as_the_standard_says(live: LiveSite, data: Mapping[str, Any]) -> None:
    checks, is_valid = live.renderer.schemas, True
    try:
        checks.check("schemas/post.json", "post", data)
    except SchemaError:
        is_valid = False
    assert jsonschema.Draft7Validator(SCHEMA).is_valid(data) == is_valid


@given(values)
def test_a_key_has_one_line(value: Any) -> None:
    text = json.dumps({"a": [value, {"b": {"c": value}}], "d": 1}, indent=1)
    lines = text.splitlines()
    assert lines[line_of(text, ("a", "1", "b")) - 1].strip().startswith('"b": ')
    assert lines[line_of(text, ("a", "1", "b", "c")) - 1].strip().startswith('"c": ')
    assert lines[line_of(text, ("d",)) - 1] == ' "d": 1'
    assert line_of(text, ("none",)) == 1
