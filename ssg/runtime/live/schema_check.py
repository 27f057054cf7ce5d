"""Checks data against the schemas of a site, which a build has compiled to Python.

A message names the field and what the schema wants, never what the data has.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from ssg.model.live.schema_code import DATE_FORMAT, SchemaCode
from ssg.model.queries.site import Site
from ssg.render.live.live_data import find

_IMPORTS = re.compile(r"^(?:from|VERSION) .*$", re.M)
_SPLIT = re.compile(r"[.\[\]]+")
_TYPES: Mapping[str, str] = {
    "string": "text", "integer": "a whole number", "number": "a number",
    "boolean": "true or false", "array": "a list", "object": "a table", "null": "null",
}  # fmt: skip
_LIMITS: Mapping[str, str] = {
    "minLength": "have at least {} characters", "maxLength": "have at most {} characters",
    "minItems": "have at least {} items", "maxItems": "have at most {} items",
    "minProperties": "have at least {} fields", "maxProperties": "have at most {} fields",
    "minimum": "be at least {}", "maximum": "be at most {}",
    "exclusiveMinimum": "be more than {}", "exclusiveMaximum": "be less than {}",
    "multipleOf": "be a multiple of {}", "pattern": "match the pattern {}",
    "enum": "be one of the values that the schema lists",
    "const": "be the value that the schema names",
    "additionalProperties": "have no other fields than the schema names",
    "uniqueItems": "have no item twice",
    "anyOf": "fit one of the forms of the schema", "oneOf": "fit exactly one form of the schema",
}  # fmt: skip


_ONE = "; it is a list: `one = true` takes its first row"


class SchemaError(Exception):
    """Data does not fit its schema."""


class SchemaValueError(ValueError):
    """The exception that the compiled code raises; it calls it `JsonSchemaValueException`."""

    def __init__(
        self,
        message: str,
        value: Any = None,
        name: str | None = None,
        definition: Any = None,
        rule: str | None = None,
    ) -> None:
        super().__init__(message)
        self.value, self.name, self.definition, self.rule = value, name or "", definition, rule


class SchemaChecks:
    """The compiled schemas of a site. Each is compiled to bytecode when it is first used."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._known: dict[str, tuple[SchemaCode, Callable[..., Any]] | None] = {}

    def check(self, schema: str, name: str, content: Any, items: str = "") -> None:
        """Check the data that a page knows by a name. Raises SchemaError.

        The schema of a collection is for each item of a list, which may be at a place in the data.
        """
        if schema not in self._known:
            self._known[schema] = _loaded(self._site.schema_code(schema))
        found = self._known[schema]
        if found is None:
            raise SchemaError(f'there is no schema "{schema}"')
        code, validate = found
        if code.is_of_page and items:
            name, content = f"{name}.{items}", find(content, items)
        is_list = code.is_of_page and isinstance(content, list)
        for number, one in enumerate(content if is_list else [content]):
            where = f"{name}.{number}" if is_list else name
            try:
                validate(one, _FORMATS, "data")
            except SchemaValueError as error:
                hint = _ONE if isinstance(one, list) and error.name == "data" else ""
                raise SchemaError(_message(error, where, code) + hint) from None
            except RecursionError:
                raise SchemaError(f"{name} is nested too deep") from None
            except (ArithmeticError, TypeError, ValueError) as error:  # a number without end: 1e999
                raise SchemaError(f"{name} cannot be checked: {type(error).__name__}") from None


def _loaded(text: str | None) -> tuple[SchemaCode, Callable[..., Any]] | None:
    if text is None:
        return None
    schema = SchemaCode.from_json(text)
    names: dict[str, Any] = {
        "Decimal": _decimal() if "Decimal(" in schema.code else float,
        "JsonSchemaValueException": SchemaValueError,
        "JsonSchemaValuesException": SchemaValueError,
    }
    exec(compile(_IMPORTS.sub("", schema.code), "schema", "exec"), names)  # noqa: S102 the build's
    return schema, names["validate"]


def _decimal() -> type:
    from decimal import Decimal  # noqa: PLC0415 only multiples of a fraction need it

    return Decimal


def _message(error: SchemaValueError, name: str, schema: SchemaCode) -> str:
    parts = [part for part in _SPLIT.split(error.name) if part][1:]
    shown = [part if part in schema.names or part.isdecimal() else "*" for part in parts]
    return f"{'.'.join([name, *shown])} must {_wanted(error)}"


def _wanted(error: SchemaValueError) -> str:
    wanted = error.definition.get(error.rule) if isinstance(error.definition, dict) else None
    if error.rule == "type":
        kinds = wanted if isinstance(wanted, list) else [wanted]
        return "be " + " or ".join(_TYPES.get(str(kind), str(kind)) for kind in kinds)
    if error.rule == "required" and isinstance(wanted, list) and isinstance(error.value, dict):
        return f"have {', '.join(name for name in wanted if name not in error.value)}"
    if error.rule == "format":
        return _wanted_format(str(wanted))
    if error.rule == "pattern":
        wanted = str(wanted).removeprefix("(?a)")
    said = _LIMITS.get(error.rule or "")
    return said.format(wanted) if said else f'fit "{error.rule or "false"}" of the schema'


def _wanted_format(form: str) -> str:
    if not form.startswith(DATE_FORMAT):
        return f"be in the format {form}"
    _, least, most = form.split(" ")
    return "be a date" + (f" from {least}" if least else "") + (f" until {most}" if most else "")


# -- formats of its own ------------------------------------------------------------------------


class _Formats(dict[str, Callable[[str], bool]]):
    """Dates of collections: the name of the format has the least and the greatest date."""

    def __missing__(self, form: str) -> Callable[[str], bool]:
        _, least, most = form.split(" ")
        self[form] = lambda text: _is_date(text, least, most)
        return self[form]


_FORMATS = _Formats()


def _is_date(text: str, least: str, most: str) -> bool:
    try:
        moment = _moment(text)
    except ValueError:
        return False
    return (not least or _moment(least) <= moment) and (not most or moment <= _moment(most))


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
