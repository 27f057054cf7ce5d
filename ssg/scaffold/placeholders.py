"""Fills in the placeholders of new files with Jinja. Errors name file and line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import jinja2

from ssg.model.errors import Location, Problem, ScaffoldError, did_you_mean


def quoted(text: object) -> str:
    """A text in quotes that are valid in YAML and TOML."""
    return json.dumps(str(text), ensure_ascii=False)


def fill(text: str, name: str, values: Mapping[str, Any], **syntax: str) -> str:
    """Fill in the placeholders of a text. Raises ScaffoldError with file and line.

    `syntax` sets other delimiters for a text that uses those of Jinja itself.
    """
    env = jinja2.Environment(  # noqa: S701 Markdown and TOML, not HTML
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        **syntax,  # type: ignore[arg-type]  # the options in use take strings
    )
    env.filters["quote"] = quoted
    try:
        return env.from_string(text).render(values)
    except jinja2.TemplateSyntaxError as error:
        message = (error.message or "syntax error").rstrip(".")
        raise ScaffoldError(Problem(f"Jinja: {message}", Location(name, error.lineno))) from error
    except Exception as error:
        raise ScaffoldError(_problem(error, name, values)) from error


def _problem(error: Exception, name: str, values: Mapping[str, Any]) -> Problem:
    """An error during rendering, with the line of the text that caused it."""
    frame = error.__traceback__
    line = None
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == "<template>":
            line = frame.tb_lineno
        frame = frame.tb_next
    message = str(error).rstrip(".") or type(error).__name__
    unknown = message.split("'")[1] if isinstance(error, jinja2.UndefinedError) else ""
    return Problem(
        message, Location(name, line), did_you_mean(unknown, values) if unknown else None
    )
