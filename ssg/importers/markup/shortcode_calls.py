"""Calls of shortcodes in our form, and the templates that an import writes for them."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Mapping
from typing import Any

_CALL = re.compile(r"(?<!\\)(\{[{%][ \t]*[A-Za-z_]\w*\((?:(?!\)[ \t]*[}%]\})[^\n])*\)[ \t]*[}%]\})")
_END = re.compile(r"\)(?=[ \t]*[}%]\})")
_NOT_A_NAME = re.compile(r"\W+", re.A)


def escape_calls(text: str) -> str:
    """Text that would be a call here stays text."""
    return _CALL.sub(r"\\\1", text)


def shortcode_name(name: str) -> str:
    """A name that can be called: `new-in` -> `new_in`."""
    ours = _NOT_A_NAME.sub("_", name).strip("_") or "shortcode"
    return f"_{ours}" if ours[0].isdigit() or keyword.iskeyword(ours) else ours


def inline_call(name: str, arguments: Mapping[str, Any]) -> str:
    return f"{{{{ {name}({_written(arguments)}) }}}}"


def block_call(name: str, arguments: Mapping[str, Any], body: str, indent: str = "") -> str:
    """A call around a body, on lines of its own."""
    inner = body.strip("\n")
    return f"{indent}{{% {name}({_written(arguments)}) %}}\n{inner}\n{indent}{{% end %}}"


def _written(arguments: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={_literal(value)}" for name, value in arguments.items())


def _literal(value: Any) -> str:
    """A value as it stands in a call: it may not hold the end of one."""
    if value is None:
        return "none"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return _END.sub(r"\\u0029", text)


def placeholder_template(name: str, origin: str) -> str:
    """A template for a shortcode that nobody could translate: it keeps what it stands around."""
    return (
        f"{{# {origin}: the template of the shortcode {name} could not be carried; write it here. #}}\n"  # noqa: E501 a line of a template
        "{% if body is defined %}{{ body }}{% elif text is defined %}{{ text }}{% endif %}\n"
    )
