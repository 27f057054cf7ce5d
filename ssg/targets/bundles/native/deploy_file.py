"""`deploy.toml`: what a server must know of a build beside its site database.

It is written last and names the build, so a folder in which the database is of another build is one
that is still being written.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import tomli_w

from ssg.model.errors import Location, Problem, ServeError
from ssg.redirects.formats.headers_file import parse_headers, write_headers
from ssg.redirects.formats.redirects_file import parse_redirects, write_redirects
from ssg.redirects.header_rule import HeaderRule
from ssg.redirects.rule import RedirectRule

DEPLOY_FILE = "deploy.toml"
PUBLIC = "public"
"""The publish folder, beside it."""
VERSION = 1

_HINT = "Build the site anew"


@dataclass(frozen=True, slots=True)
class DeployFile:
    """The content of `deploy.toml`."""

    build_id: str
    function: str = ""
    """The address of the function, to which rules lead; empty if no page is deferred."""
    keep_cache: bool = False
    redirects: tuple[RedirectRule, ...] = ()
    headers: tuple[HeaderRule, ...] = ()
    """Headers of static files."""
    deferred_headers: tuple[HeaderRule, ...] = ()
    """Headers of deferred pages."""
    image_function: str = ""
    """The name of the function that makes variants of pictures; empty if there is none."""

    def to_toml(self) -> str:
        """Raises TargetError if `_redirects` cannot express a rule."""
        return tomli_w.dumps(
            {
                "version": VERSION,
                "build_id": self.build_id,
                "function": self.function,
                "image_function": self.image_function,
                "keep_cache": self.keep_cache,
                "redirects": write_redirects(self.redirects).splitlines(),
                "headers": write_headers(self.headers).splitlines(),
                "deferred_headers": write_headers(self.deferred_headers).splitlines(),
            },
            multiline_strings=True,
        )

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """Read the file. Raises ValueError, LookupError or TypeError if it is something else."""
        values = tomllib.loads(text)
        if values["version"] != VERSION:
            raise ValueError(f"its version is {values['version']}; this ssg reads {VERSION}")
        redirects = parse_redirects(_lines(values["redirects"]), DEPLOY_FILE)
        headers = parse_headers(_lines(values["headers"]), DEPLOY_FILE)
        deferred = parse_headers(_lines(values["deferred_headers"]), DEPLOY_FILE)
        for problem in (*redirects.problems, *headers.problems, *deferred.problems):
            raise ValueError(problem.full_message)
        return cls(
            str(values["build_id"]),
            str(values["function"]),
            values["keep_cache"] is True,
            redirects.rules,
            headers.rules,
            deferred.rules,
            str(values.get("image_function", "")),
        )


def read_deploy_file(folder: Path) -> DeployFile:
    """Read the file of a folder. Raises ServeError."""
    file = folder / DEPLOY_FILE
    where = Location(str(file))
    try:
        return DeployFile.from_toml(file.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        hint = "Run ssg build --target server, or give the folder that it wrote: dist"
        raise ServeError(Problem("this is not a build for a server", where, hint)) from error
    except OSError as error:
        raise ServeError(Problem(f"cannot be read: {error.strerror}", where)) from error
    except (ValueError, LookupError, TypeError) as error:
        raise ServeError(Problem(f"cannot be used: {error}", where, _HINT)) from error


def _lines(value: list[str]) -> str:
    return "\n".join(value)
