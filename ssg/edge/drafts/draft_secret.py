"""The secret that signs links to drafts: a variable, or the content of a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ssg.model.errors import ConfigError, Location, Problem
from ssg.runtime.signed_purge import MIN_SECRET_BYTES, usable_secret

DRAFT_SECRET = "SSG_DRAFT_SECRET"  # noqa: S105 the name of a variable
SECRET_HINT = (
    f"Set {DRAFT_SECRET}, or name a file: --draft-secret-file FILE. "
    'Make a secret with: python -c "import secrets; print(secrets.token_urlsafe(32))"'
)


def draft_secret(environment: Mapping[str, str], file: Path | None = None) -> bytes | None:
    """The secret; None if there is none. Raises ConfigError for one that cannot be used."""
    if file is None:
        text, where = environment.get(DRAFT_SECRET, ""), None
        if not text:
            return None
    else:
        text, where = _content(file), Location(str(file))
    secret = usable_secret(text)
    if secret is None:
        message = f"the secret for drafts has fewer than {MIN_SECRET_BYTES} characters"
        raise ConfigError(Problem(message, where, SECRET_HINT))
    return secret


def _content(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(Problem(f"cannot be read: {reason}", Location(str(file)))) from None
