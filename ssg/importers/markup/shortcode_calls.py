"""Writes calls of shortcodes, and the templates of shortcodes."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Mapping
from typing import Any

from ssg.importers.imported_site import TextFile

_CALL = re.compile(r"(?<!\\)(\{[{%][ \t]*[A-Za-z_]\w*\((?:(?!\)[ \t]*[}%]\})[^\n])*\)[ \t]*[}%]\})")
_END = re.compile(r"\)(?=[ \t]*[}%]\})")
_NOT_A_NAME = re.compile(r"\W+", re.A)


def escape_calls(text: str) -> str:
    """Escape text that ssg would take for a call."""
    return _CALL.sub(r"\\\1", text)


def shortcode_name(name: str) -> str:
    """A valid name: `new-in` -> `new_in`."""
    valid = _NOT_A_NAME.sub("_", name).strip("_") or "shortcode"
    return f"_{valid}" if valid[0].isdigit() or keyword.iskeyword(valid) else valid


def inline_call(name: str, arguments: Mapping[str, Any]) -> str:
    return f"{{{{ {name}({_written(arguments)}) }}}}"


def block_call(name: str, arguments: Mapping[str, Any], body: str, indent: str = "") -> str:
    """A call with a body, on lines of its own."""
    inner = body.strip("\n")
    return f"{indent}{{% {name}({_written(arguments)}) %}}\n{inner}\n{indent}{{% end %}}"


def _written(arguments: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={_literal(value)}" for name, value in arguments.items())


def _literal(value: Any) -> str:
    """A value as an argument. It must not contain the end of a call."""
    if value is None:
        return "none"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return _END.sub(r"\\u0029", text)


def placeholder_template(name: str, origin: str) -> str:
    """A template for a shortcode that could not be translated: it shows the body unchanged."""
    return (
        f"{{# {origin}: the template of the shortcode {name} could not be imported; write it here. #}}\n"  # noqa: E501 a line of a template
        "{% if body is defined %}{{ body }}{% elif text is defined %}{{ text }}{% endif %}\n"
    )


def template_files(templates: Mapping[str, str]) -> list[TextFile]:
    """The files of shortcode templates, by name."""
    return [
        TextFile(f"templates/shortcodes/{name}.html", text)
        for name, text in sorted(templates.items())
    ]
