"""Compiles the schemas of data: JSON Schema files and collections become Python code.

fastjsonschema generates the code, which needs none of it: the site database keeps it, and the
runtime runs it (`ssg.runtime.live.schema_check`). A schema uses draft 4, 6 or 7. What the code
would not check, or would check in another way than the standard says, is a problem here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ssg.config.load import Project
from ssg.content.inputs.json_lines import line_of
from ssg.model.errors import Location, Problem
from ssg.model.live.schema_code import DATE_FORMAT, SchemaCode
from ssg.model.settings import CollectionSettings, FieldSettings

SUFFIX = ".json"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
FORMATS = frozenset(
    {"date", "date-time", "time", "email", "hostname", "idn-email", "ipv4", "ipv6", "iri"}
    | {"iri-reference", "json-pointer", "regex", "relative-json-pointer", "uri", "uri-reference"}
    | {"uri-template"}
)
"""The formats that are checked."""

_DRAFTS = re.compile(r"https?://json-schema\.org/draft-0[467]/schema#?")
_LATER = frozenset(
    {"$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveAnchor", "$recursiveRef"}
    | {"dependentRequired", "dependentSchemas", "maxContains", "minContains", "prefixItems"}
    | {"unevaluatedItems", "unevaluatedProperties"}
)
"""Keywords of later drafts, which would not be checked."""
_NOT_CHECKED = frozenset({"$id", "contentEncoding", "contentMediaType", "default", "id"})
"""Keywords that say nothing of what is valid, but change the data in fastjsonschema."""
_NAMED = frozenset({"$defs", "definitions", "dependencies", "patternProperties", "properties"})
"""Keywords whose value is a table of schemas by name."""
_VALUES = frozenset({"const", "enum", "examples", "required"})
"""Keywords whose value is data."""

Found = tuple[tuple[str, ...], str, str | None]
"""The place of a problem in a schema, a message and a hint."""


def read_schemas(project: Project, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Name and code of each schema that a source or data of a route names.

    A name without a schema is told elsewhere (`ssg.build.live.route_checks`).
    """
    site = project.settings.site
    named = [source.schema for source in site.sources.values()]
    named += [data.schema for route in site.routes for data in route.data]
    for name in sorted({*named} - {""}):
        if name.endswith(SUFFIX):
            found = _of_file(project.root, name, problems)
        else:
            collection = project.settings.collections.get(name)
            found = _compiled(of_collection(collection), name, [], problems) if collection else None
        if found:
            yield name, found.to_json()


def _of_file(root: Path, name: str, problems: list[Problem]) -> SchemaCode | None:
    file = root / name
    if not file.resolve().is_relative_to(root) or not file.is_file():
        return None
    try:
        text = file.read_text("utf-8-sig")
        schema = json.loads(text)
    except json.JSONDecodeError as error:
        where = Location(name, error.lineno, error.colno)
        problems.append(Problem(f"JSON: {error.msg}", where))
        return None
    except (UnicodeDecodeError, RecursionError) as error:
        problems.append(Problem(f"cannot read the schema: {error}", Location(name)))
        return None
    names: list[str] = []
    wrong = list(_check(schema, (), names))
    problems += [Problem(what, Location(name, line_of(text, at)), hint) for at, what, hint in wrong]
    return None if wrong else _compiled(schema, name, names, problems)


def _compiled(
    schema: Any, name: str, names: list[str], problems: list[Problem]
) -> SchemaCode | None:
    import fastjsonschema  # noqa: PLC0415 few sites have a schema

    prepared = _prepared(schema)
    if isinstance(prepared, dict):
        prepared.setdefault("$schema", DRAFT_7)
        names = names or list(prepared.get("properties", {}))
    formats: Any = dict.fromkeys(_date_formats(prepared), bool)
    try:
        code = fastjsonschema.compile_to_code(prepared, formats=formats, use_default=False)
    except (fastjsonschema.JsonSchemaDefinitionException, re.error, RecursionError) as error:
        problems.append(Problem(f"not a JSON Schema: {error}", Location(name)))
        return None
    except (AttributeError, TypeError, ValueError, KeyError, IndexError) as error:
        # The generator trips over a keyword whose value has another type.
        what = f"not a JSON Schema: {type(error).__name__}: {error}"
        problems.append(Problem(what, Location(name)))
        return None
    return SchemaCode(code, tuple(sorted({*names})), is_of_page=not name.endswith(SUFFIX))


# -- what is not checked -----------------------------------------------------------------------


def _check(schema: Any, at: tuple[str, ...], names: list[str]) -> Iterator[Found]:
    """The problems of a schema and of those in it. `names` gets the names of all properties."""
    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict):
        yield at, "a schema is an object, true or false", None
        return
    yield from _keyword_problems(schema, at)
    for key, value in schema.items():
        if key in _VALUES:
            continue
        if key in _NAMED and isinstance(value, dict):
            names.extend(value if key == "properties" else ())
            for name, below in value.items():
                if not isinstance(below, list):
                    yield from _check(below, (*at, key, name), names)
        elif isinstance(value, dict):
            yield from _check(value, (*at, key), names)
        elif isinstance(value, list):
            for number, below in enumerate(value):
                if isinstance(below, dict):
                    yield from _check(below, (*at, key, str(number)), names)


def _keyword_problems(schema: Mapping[str, Any], at: tuple[str, ...]) -> Iterator[Found]:
    draft = schema.get("$schema")
    if draft is not None and not (isinstance(draft, str) and _DRAFTS.fullmatch(draft)):
        yield (*at, "$schema"), f'unknown draft "{draft}"', f"Write {DRAFT_7}"
    for key in sorted(_LATER & schema.keys()):
        yield (*at, key), f'"{key}" is not a keyword of draft 7, and would not be checked', None
    reference = schema.get("$ref")
    if isinstance(reference, str) and not re.fullmatch(r"#(/.*)?", reference):
        hint = 'Put it into "definitions" of this file: "#/definitions/name"'
        yield (*at, "$ref"), f'the reference "{reference}" leads out of the file', hint
    form = schema.get("format")
    if form is not None and form not in FORMATS:
        known = ", ".join(sorted(FORMATS))
        yield (*at, "format"), f'unknown format "{form}"', f"One of {known}"
    patterns = [("pattern", schema.get("pattern"))]
    listed = schema.get("patternProperties")
    patterns += [("patternProperties", one) for one in (listed if isinstance(listed, dict) else ())]
    for key, pattern in patterns:
        if isinstance(pattern, str) and (problem := _pattern_problem(pattern)):
            hint = "Python reads it: no \\p{...}, and (?P<name>...) for a named group"
            yield (*at, key), f'the pattern "{pattern}" {problem}', hint


def _pattern_problem(pattern: str) -> str | None:
    try:
        re.compile(pattern)
    except re.error as error:
        return f"is not a regular expression: {error}"
    return None


def _prepared(schema: Any) -> Any:
    """A schema as the generator gets it. `\\d` and `\\w` are ASCII, as in JavaScript."""
    if isinstance(schema, list):
        return [_prepared(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made: dict[str, Any] = {}
    for key, value in schema.items():
        if key in _VALUES:
            made[key] = value
        elif key == "pattern" and isinstance(value, str):
            made[key] = "(?a)" + value
        elif key in _NAMED and isinstance(value, dict):
            prefix = "(?a)" if key == "patternProperties" else ""
            made[key] = {prefix + name: _prepared(one) for name, one in value.items()}
        elif key not in _NOT_CHECKED:
            made[key] = _prepared(value)
    return made


# -- collections -------------------------------------------------------------------------------


def of_collection(collection: CollectionSettings) -> dict[str, Any]:
    """The schema of data for a page of a collection."""
    fields = collection.fields
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: _of_field(field) for name, field in fields.items()},
        "required": [name for name, field in fields.items() if field.required],
    }
    if collection.strict:
        schema["additionalProperties"] = False
    return schema


def _of_field(field: FieldSettings) -> dict[str, Any]:
    schema = _typed(field)
    if field.choices and field.type == "texts":
        schema["items"]["enum"] = list(field.choices)
    elif field.choices and field.type != "date":
        schema["enum"] = list(field.choices) + ([] if field.required else [None])
    if not field.required:
        schema["type"] = [schema["type"], "null"]
    return schema


def _typed(field: FieldSettings) -> dict[str, Any]:
    """The schema of a field with a value. Its limits say nothing of another type."""
    if field.type == "date":
        form = f"{DATE_FORMAT} {field.min or ''} {field.max or ''}"
        return {"type": "string", "format": form}
    kinds = {"text": "string", "texts": "array"}
    least, most = {"text": ("minLength", "maxLength"), "texts": ("minItems", "maxItems")}.get(
        field.type, ("minimum", "maximum")
    )
    schema: dict[str, Any] = {"type": kinds.get(field.type, field.type)}
    if field.type == "texts":
        schema["items"] = {"type": "string"}
    limits = {least: field.min, most: field.max}
    return {**schema, **{key: value for key, value in limits.items() if value is not None}}


def _date_formats(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        form = schema.get("format")
        if isinstance(form, str) and form.startswith(DATE_FORMAT):
            yield form
        for value in schema.values():
            yield from _date_formats(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _date_formats(value)
