"""The targets that a configuration may name. A new one needs its own folder and an entry here.

An entry names the class of the target as text, so that a build imports the rooms of its own host
only: `ssg.targets.load_target` loads it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TargetEntry:
    """Where a target is, and what of a site it reads."""

    class_name: str
    """`module:class`. The class is called with the `TargetSettings` and `package`."""
    site_files: Sequence[str] = ()
    """Files in the root of a site that configure the host: a build reads them, too."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """The kinds of function of the host, if it has several, with what each gives."""
    output_dir: str = "public"
    """The default of the key of that name."""
    environment: Sequence[str] = ()
    """Environment variables that a build reads."""
    publish_folder: str = ""
    """The publish folder in `output_dir`, where the target puts other files beside it."""
    extras: Sequence[str] = ()
    """Extras of the package that a site on the host needs."""


TARGETS: dict[str, TargetEntry] = {
    "lambda": TargetEntry(
        "ssg.targets.aws_lambda.target:LambdaTarget",
        output_dir="dist",
        publish_folder="public",
        extras=("aws",),
    ),
    "netlify": TargetEntry(
        "ssg.targets.netlify.target:NetlifyTarget",
        ("netlify.toml",),
        {
            "builder": "An On-demand Builder: pages stay cached for their ttl, or until a deploy.",
            "function": "A Netlify Function: also purges by tags, and can keep pages over deploys.",
        },
    ),
    "server": TargetEntry(
        "ssg.targets.server.target:ServerTarget",
        output_dir="dist",
        publish_folder="public",
        extras=("redis", "server"),
    ),
    "static": TargetEntry("ssg.targets.static:StaticTarget"),
    "vercel": TargetEntry(
        "ssg.targets.vercel.target:VercelTarget",
        kinds={
            "prerender": "A Prerender function: pages stay cached for their ttl or until a deploy.",
            "function": "A Vercel Function: also purges by tags; each query is a page of its own.",
        },
        output_dir=".vercel/output",
        environment=("VERCEL_BYPASS_TOKEN",),
        publish_folder="static",
    ),
}

NEW_SITE_TARGET = "netlify"
"""The target of a new site for which no other is chosen."""


KINDS = tuple(dict.fromkeys(kind for entry in TARGETS.values() for kind in entry.kinds))
"""The kinds of function that a configuration may name. A host without kinds ignores them."""

ARCHITECTURES = ("arm64", "x86_64")
PYTHONS = ("3.14", "3.13", "3.12", "3.11")
"""What AWS Lambda runs."""


def kinds_of(target: str) -> tuple[str, ...]:
    """The kinds of function that a configuration may name for a host; the first is the default."""
    return tuple(TARGETS[target].kinds) or KINDS


def host_files() -> list[str]:
    """Files in the root of a site that configure a host."""
    return [file for entry in TARGETS.values() for file in entry.site_files]
