"""Environment variables in the configuration: `${NAME}`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ssg.model.live.data_source import DataSource, SourceKind

VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
VARIABLE = re.compile(r"\$\{([^{}]*)\}")


def variables_in(text: str) -> list[str]:
    """The names of the variables in a text."""
    return VARIABLE.findall(text)


def secret_names(sources: Mapping[str, DataSource], env: tuple[str, ...]) -> frozenset[str]:
    """The variables that only shells may know: in headers and URLs of databases, not in `env`."""
    texts = [text for one in sources.values() for text in one.headers.values()]
    texts += [one.url for one in sources.values() if one.kind == SourceKind.SQL]
    names = {name for text in texts for name in variables_in(text)}
    return frozenset(names.difference(env))
