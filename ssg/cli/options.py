"""Options that several commands share, and the settings and build options they make."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssg.config.target_registry import TARGETS

if TYPE_CHECKING:
    from ssg.build.options import BuildOptions
    from ssg.config.load import Project
    from ssg.sources.environment import SiteEnvironment

RootOption = Annotated[Path, typer.Option("--root", help="The site's folder.", show_default="here")]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The configuration file, instead of ssg.toml."),
]
BaseUrlOption = Annotated[
    str | None, typer.Option("--base-url", "-b", help="The address of the site.")
]
OutputDirOption = Annotated[
    str | None, typer.Option("--output-dir", "-o", help="The publish folder.")
]
TargetOption = Annotated[str | None, typer.Option("--target", help=f"{' or '.join(TARGETS)}.")]
DraftsOption = Annotated[bool, typer.Option("--drafts", "-D", help="Include drafts.")]
FutureOption = Annotated[
    bool, typer.Option("--future", "-F", help="Include pages with a date in the future.")
]
ExpiredOption = Annotated[
    bool, typer.Option("--expired", "-E", help="Include pages that have expired.")
]
StrictOption = Annotated[bool, typer.Option("--strict", help="Treat warnings as errors.")]
NoCacheOption = Annotated[
    bool,
    typer.Option("--no-cache", help="Build everything again, without results of earlier builds."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
VerboseOption = Annotated[
    bool, typer.Option("--verbose", "-v", help="Print the time of each stage.")
]
ProfileOption = Annotated[bool, typer.Option("--profile", help="Show where the time goes.")]
FlameOption = Annotated[
    Path | None,
    typer.Option("--flame", help="Write a flame graph: .html for browsers, .json for speedscope."),
]
SinceOption = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="URL|FILE",
        help="The site that is live, or its tag table, to compare with.",
        show_default="the build before",
    ),
]
EnvFileOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--env-file",
        help="A file of environment variables, NAME=value; can be repeated.",
    ),
]
ReplayOption = Annotated[
    Path | None,
    typer.Option("--replay", help="A folder of recorded answers, in place of the sources."),
]
DraftSecretFileOption = Annotated[
    Path | None,
    typer.Option(
        "--draft-secret-file",
        metavar="FILE",
        help="The file with the secret for drafts of live pages.",
        show_default="SSG_DRAFT_SECRET",
    ),
]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show a traceback for an error.")]


def read_project(
    root: Path,
    config: Path | None = None,
    base_url: str | None = None,
    output_dir: str | None = None,
    target: str | None = None,
) -> Project:
    """Read the configuration; options override its keys."""
    from ssg.config.load import load

    return load(root, config, overrides(base_url, output_dir, target))


def overrides(
    base_url: str | None = None, output_dir: str | None = None, target: str | None = None
) -> dict[tuple[str, ...], str]:
    """The configuration keys that the given options override, with their values."""
    given: dict[tuple[str, ...], str | None] = {
        ("base_url",): base_url,
        ("output_dir",): output_dir,
        ("target", "name"): target,
    }
    return {key: value for key, value in given.items() if value is not None}


def variables(env_files: Iterable[Path] = ()) -> dict[str, str]:
    """The environment, and what files add to it. Raises ConfigError.

    A variable that is set wins over one of a file, and a later file over an earlier one.
    """
    values: dict[str, str] = {}
    for file in env_files:
        from ssg.sources.env_file import read_env_file

        values |= read_env_file(file)
    return {**values, **os.environ}


def build_options(
    project: Project,
    drafts: bool = False,
    future: bool = False,
    expired: bool = False,
    strict: bool = False,
    package: bool = True,
    no_cache: bool = False,
    env_files: Iterable[Path] = (),
    asks_sources: bool = True,
    replay: Path | None = None,
) -> BuildOptions:
    """The options of a build, with the current time and the environment."""
    from ssg.build.clock import build_time
    from ssg.build.options import BuildOptions
    from ssg.content.source.publication import IncludeOptions

    now = build_time(project.settings.site.timezone)
    return BuildOptions(
        now,
        IncludeOptions(drafts, future, expired),
        strict,
        package,
        no_cache,
        environment=environment(project, env_files),
        asks_sources=asks_sources,
        replay=replay,
    )


def environment(project: Project, env_files: Iterable[Path] = ()) -> SiteEnvironment | None:
    """The environment variables that a site names; None if it names none."""
    site, env_files = project.settings.site, tuple(env_files)
    if not (site.env or site.sources or env_files):
        return None
    from ssg.sources.environment import SiteEnvironment

    return SiteEnvironment.for_site(variables(env_files), site.env, site.sources.values())
