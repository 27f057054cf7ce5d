"""Filling in the texts of new files: Jinja without HTML, whose errors name the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import jinja2

from ssg.model.errors import Location, Problem, ScaffoldError, did_you_mean


def quoted(text: object) -> str:
    """A text in quotes, as YAML and TOML both read it."""
    return json.dumps(str(text), ensure_ascii=False)


def fill(text: str, name: str, values: Mapping[str, Any], **syntax: str) -> str:
    """A text with its placeholders filled in. Raises ScaffoldError with file and line.

    `syntax` are other signs for Jinja's brackets, where the text has uses of its own for those.
    """
    env = jinja2.Environment(  # noqa: S701 Markdown and TOML, not HTML
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        **syntax,  # type: ignore[arg-type]  # texts for those options that take a text
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
    """What went wrong while a text was filled in, with the line that asked for it."""
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
