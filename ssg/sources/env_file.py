"""`.env` files: `NAME=value`, one a line, as Docker, direnv and dotenv libraries read them.

    # a comment
    API_URL=http://127.0.0.1:3000     # a comment after a value
    export API_TOKEN='as it is: $5'
    GREETING="two\\nlines"

Values in single quotes are taken as they are. In double quotes `\\n`, `\\t`, `\\"`, `\\$` and
`\\\\` are escapes. Both may span lines. No other variable is put into a value.
"""

from __future__ import annotations

import re
from pathlib import Path

from ssg.model.errors import ConfigError, Location, Problem

_ENTRY = re.compile(
    r"""[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*
    (?: '(?P<plain>[^']*)' | "(?P<quoted>(?:[^"\\]|\\.)*)" | (?P<bare>[^\s'"\#][^\n]*?)? )
    [ \t]*(?:(?<![^\s='"])\#[^\n]*)?(?:\n|\Z)""",
    re.VERBOSE | re.DOTALL,
)
_NOTHING = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\n|\Z)")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


def read_env_file(path: Path) -> dict[str, str]:
    """The variables of a file. Raises ConfigError; its messages never contain a value."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(Problem(f"cannot be read: {reason}", Location(str(path)))) from None
    return parse_env(text.replace("\r\n", "\n"), str(path))


def parse_env(text: str, name: str) -> dict[str, str]:
    """The variables in the text of a file. Of two with one name, the later one counts."""
    found, problems, place = {}, [], 0
    while place < len(text):
        if entry := _ENTRY.match(text, place):
            found[entry["name"]] = _value(entry)
        elif not (entry := _NOTHING.match(text, place)):
            where = Location(name, text.count("\n", 0, place) + 1)
            problems.append(Problem("is not NAME=value", where, _HINT))
        place = entry.end() if entry else (text.find("\n", place) + 1 or len(text))
    if problems:
        raise ConfigError(problems)
    return found


_HINT = "Put a value with quotes or several lines between single or double quotes"


def _value(entry: re.Match[str]) -> str:
    if entry["quoted"] is not None:
        return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), entry["quoted"])
    return entry["plain"] if entry["plain"] is not None else (entry["bare"] or "")
