"""The environment of a platform on one machine: what is not set gets a value, secrets are made.

Everything that is to be kept is in one folder: secrets, the database, the cache of pages.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from ssg.sources.env_file import read_env_file

SITE = Path(__file__).parents[1]
"""The folder with `ssg.toml`."""
DATA = SITE / ".data"
DIST = SITE / "dist"
"""What `ssg build` writes."""
SECRETS = ("SSG_JWT_SECRET", "SSG_PURGE_SECRET")


def local_environment(
    environment: Mapping[str, str], site_url: str = "", data: Path = DATA
) -> dict[str, str]:
    """The environment, and the values that it lacks. Makes the secrets if there are none.

    `site_url` is where the platform listens; for other commands that of the last start.
    """
    data.mkdir(mode=0o700, exist_ok=True)
    site_url = _remembered(data / "url", site_url)
    url = environment.get("SITE_URL") or site_url
    defaults = {
        "DATABASE_URL": f"sqlite:///{data / 'blog.db'}",
        "SITE_URL": url,
        "API_URL": f"{site_url}/api",
        "PURGE_URLS": site_url,
        "SSG_BASE_URL": f"{url}/",
        "SSG_CACHE": str(data / "cache"),
    }
    given = {name: value for name, value in environment.items() if value}
    made = made_secrets(data / "secrets.env")
    return {**defaults, **made, **given, "SSG_DIR": str(DIST)}


def made_secrets(file: Path) -> dict[str, str]:
    """The secrets of a file, which is made if it is missing. Only its owner can read it."""
    if not file.exists():
        text = "".join(f"{name}={secrets.token_urlsafe(32)}\n" for name in SECRETS)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(text)
    return read_env_file(file)


def _remembered(file: Path, url: str) -> str:
    """Write the address that the platform has now, or read the one it had last."""
    if url:
        file.write_text(url, "utf-8")
    return url or (file.read_text("utf-8") if file.exists() else "http://127.0.0.1:8010")
