"""Writes the site as it is for Netlify into a folder: `python netlify/site.py API FOLDER`.

API is the address of the API, such as https://api.example.org. What differs from the site for a
server of one's own:

- The target is `netlify`.
- Netlify passes what the API answers on to its address. These rules come first, since pages of
  users have addresses of the same shape.
- No live page becomes a file: a file of a deploy cannot be purged, so a post that is withdrawn
  would stay until the next deploy. The function renders each page on its first request.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

SITE = Path(__file__).parents[1]
FOLDERS = ("content", "templates", "static")
ANSWERED_BY_THE_API = ("api", "account", "media")
PROXY_SECRET = "NETLIFY_PROXY_SECRET"  # noqa: S105 the name of a variable
"""Netlify signs requests to the API with it, so that the API believes the client's address."""

CHANGES = {
    'name = "server" ': 'name = "netlify"',
    "critical = true\n": "",
    'updated = "edited_at" }\nttl': 'updated = "edited_at", critical = 0 }\nttl',
}
"""Texts of `ssg.toml`, each of which is there once."""

NETLIFY_TOML = """\
[build]
command = "pip install -r requirements.txt && ssg build --base-url \\"$URL\\""
publish = "public"
"""


class WriteError(Exception):
    """The site cannot be written."""


def write_site(api: str, folder: Path) -> None:
    """Write the site into a folder that is not there or empty. Raises WriteError."""
    if not _is_address(api):
        raise WriteError(f"{api} is not an address such as https://api.example.org")
    if folder.exists() and any(folder.iterdir()):
        raise WriteError(f"{folder} is not empty")
    settings = _changed((SITE / "ssg.toml").read_text("utf-8"))
    for name in FOLDERS:
        shutil.copytree(SITE / name, folder / name)
    (folder / "ssg.toml").write_text(settings, "utf-8")
    (folder / "netlify.toml").write_text(NETLIFY_TOML, "utf-8")
    (folder / "requirements.txt").write_text("ssg\n", "utf-8")
    rules = folder / "static/_redirects"
    rules.write_text(_api_rules(api.rstrip("/")) + rules.read_text("utf-8"), "utf-8")


def _is_address(api: str) -> bool:
    """Whether an API can be asked there: with HTTPS, or on this machine for a trial."""
    parts = urlsplit(api)
    schemes = ("https", "http") if parts.hostname == "127.0.0.1" else ("https",)
    return parts.scheme in schemes and bool(parts.netloc) and not (parts.query or parts.fragment)


def _changed(settings: str) -> str:
    for before, after in CHANGES.items():
        if settings.count(before) != 1:
            raise WriteError(f"ssg.toml has not {before!r} once: change CHANGES in {__file__}")
        settings = settings.replace(before, after)
    return settings


def _api_rules(api: str) -> str:
    rules = [
        f"/{name}/*  {api}/{name}/:splat  200!  Sign={PROXY_SECRET}" for name in ANSWERED_BY_THE_API
    ]
    return "\n".join(["# What the API answers.", *rules, "", ""])


def main() -> int:
    parser = argparse.ArgumentParser(description="Writes the site as it is for Netlify.")
    parser.add_argument("api", help="the address of the API, such as https://api.example.org")
    parser.add_argument("folder", type=Path, help="where to write the site")
    arguments = parser.parse_args()
    try:
        write_site(arguments.api, arguments.folder)
    except WriteError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
