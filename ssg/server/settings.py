"""What `ssg start` and `ssg.asgi` are told: options, and variables of the environment.

An option counts before its variable. Everything that is wrong is told at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from ssg.edge.drafts.draft_secret import draft_secret
from ssg.edge.storage.open_store import is_redis
from ssg.model.errors import ConfigError, Problem, did_you_mean, raise_problems
from ssg.runtime.signed_purge import MIN_SECRET_BYTES, usable_secret
from ssg.sources.env_file import read_env_file
from ssg.targets.fronts.fronts import FRONTS

DISK = "disk"
"""The cache in a folder of this machine, at its default place."""
PURGE_SECRET = "SSG_PURGE_SECRET"  # noqa: S105 the name of a variable
JWT_SECRET = "SSG_JWT_SECRET"  # noqa: S105 the name of a variable

_DIGITS = re.compile(r"[0-9]{1,9}")
_MAKE = 'Make one with: python -c "import secrets; print(secrets.token_urlsafe(32))"'


class AccessLog(StrEnum):
    """The form of the log of requests."""

    NONE = "none"
    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How a build is served."""

    folder: Path = Path("dist")
    """The folder that a build wrote, or a link to it."""
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    """The number of processes."""
    cache: str = DISK
    """`disk`, a folder, or the URL of a Redis."""
    front: str = ""
    """The cache in front of the server: a name of `FRONTS`, or empty."""
    forwarded_allow_ips: str = ""
    """Proxies whose headers name the client: addresses and networks, or `*`."""
    access_log: AccessLog = AccessLog.NONE
    metrics_port: int | None = None
    grace_seconds: int = 10
    """How long responses that are under way may take when the server stops."""
    render_seconds: int = 30
    """How long a visitor waits for a render."""
    renders: int = 4
    """The number of renders at once, in each process."""
    queue: int = 100
    """The number of renders that may wait for one of them to end."""
    image_cache: str = DISK
    """`disk` or a folder: where variants of pictures are kept."""
    encoders: int = 2
    """The number of processes that make variants of pictures, for each process."""
    image_queue: int = 100
    """The number of variants that may wait for one of them."""
    connections: int = 1000
    """The number of connections at once, in each process."""
    env_file: Path | None = None
    """A file of further variables of the environment."""
    draft_secret_file: Path | None = None
    """The file with the secret for drafts."""
    purge_secret: bytes | None = None
    draft_secret: bytes | None = None
    jwt_secret: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its option, its variables in their order, and how its text is read."""

    option: str
    variables: tuple[str, ...]
    read: Callable[[str], Any]
    """Raises ValueError with what is wrong and a hint, or None."""


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not _DIGITS.fullmatch(text) or not least <= int(text) <= most:
            raise ValueError(f"is not a number from {least:,} to {most:,}", None)
        return int(text)

    return read


def _one_of(names: Mapping[str, Any]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        if text not in names:
            known = f"Known are {', '.join(names)}"
            raise ValueError("is not known", did_you_mean(text, names) or known)
        return names[text]

    return read


def _text(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty", "Leave it out for the default")
    return text.strip()


def _cache(text: str) -> str:
    place = _text(text)
    if "://" in place and not is_redis(place):
        raise ValueError("is not a cache", f"Write {DISK}, a folder, or redis://HOST:PORT")
    return place


def _proxies(text: str) -> str:
    proxies = _text(text)
    if proxies != "*":
        for proxy in proxies.split(","):
            _check_network(proxy.strip())
    return proxies


def _check_network(text: str) -> None:
    try:
        ip_network(text)
    except ValueError as error:
        hint = "Write addresses and networks with commas between them: 10.0.0.5,10.1.0.0/16; or *"
        raise ValueError("is not a list of addresses", hint) from error


_PORT = _number(0, 65_535)
_SECONDS = _number(1, 3_600)

SETTINGS: Mapping[str, Setting] = {
    "folder": Setting("DIR", ("SSG_DIR",), lambda text: Path(_text(text))),
    "host": Setting("--host", ("SSG_HOST",), _text),
    "port": Setting("--port", ("SSG_PORT", "PORT"), _PORT),
    "workers": Setting("--workers", ("SSG_WORKERS",), _number(1, 256)),
    "cache": Setting("--cache", ("SSG_CACHE",), _cache),
    "front": Setting("--front", ("SSG_FRONT",), _one_of({name: name for name in FRONTS})),
    "forwarded_allow_ips": Setting("--forwarded-allow-ips", ("SSG_FORWARDED_ALLOW_IPS",), _proxies),
    "access_log": Setting(
        "--access-log", ("SSG_ACCESS_LOG",), _one_of({kind.value: kind for kind in AccessLog})
    ),
    "metrics_port": Setting("--metrics-port", ("SSG_METRICS_PORT",), _number(1, 65_535)),
    "grace_seconds": Setting("--grace-seconds", ("SSG_GRACE_SECONDS",), _number(0, 3_600)),
    "render_seconds": Setting("--render-seconds", ("SSG_RENDER_SECONDS",), _SECONDS),
    "renders": Setting("--renders", ("SSG_RENDERS",), _number(1, 256)),
    "queue": Setting("--queue", ("SSG_QUEUE",), _number(0, 1_000_000)),
    "image_cache": Setting("--image-cache", ("SSG_IMAGE_CACHE",), _text),
    "encoders": Setting("--encoders", ("SSG_ENCODERS",), _number(1, 256)),
    "image_queue": Setting("--image-queue", ("SSG_IMAGE_QUEUE",), _number(0, 1_000_000)),
    "env_file": Setting("--env-file", ("SSG_ENV_FILE",), lambda text: Path(_text(text))),
    "draft_secret_file": Setting(
        "--draft-secret-file", ("SSG_DRAFT_SECRET_FILE",), lambda text: Path(_text(text))
    ),
    "connections": Setting("--connections", ("SSG_CONNECTIONS",), _number(1, 1_000_000)),
}
"""The settings that have an option, by the names of their fields."""


def read_settings(
    environment: Mapping[str, str], options: Mapping[str, str | None] | None = None
) -> ServerSettings:
    """The settings of the options that are given, and of the environment. Raises ConfigError."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, setting in SETTINGS.items():
        source, text = _given(setting, (options or {}).get(name), environment)
        if text is None:
            continue
        try:
            values[name] = setting.read(text)
        except ValueError as error:
            what, hint = error.args
            problems.append(Problem(f'{source}: "{text}" {what}', hint=hint))
    secret = environment.get(PURGE_SECRET)
    values["purge_secret"] = usable_secret(secret)
    if secret and values["purge_secret"] is None:
        message = f"{PURGE_SECRET}: it has fewer than {MIN_SECRET_BYTES} characters"
        problems.append(Problem(message, hint=_MAKE))
    try:
        values["draft_secret"] = draft_secret(environment, values.get("draft_secret_file"))
    except ConfigError as error:
        problems += error.problems
    raise_problems(problems, ConfigError)
    return ServerSettings(**values, jwt_secret=environment.get(JWT_SECRET, ""))


def full_environment(
    environment: Mapping[str, str], option: str | None = None
) -> Mapping[str, str]:
    """The environment, and what a file adds to it. Raises ConfigError."""
    setting = SETTINGS["env_file"]
    _, text = _given(setting, option, environment)
    return {**read_env_file(setting.read(text)), **environment} if text else environment


def default_of(name: str) -> Any:
    """The default of a setting."""
    return next(field.default for field in fields(ServerSettings) if field.name == name)


def _given(
    setting: Setting, option: str | None, environment: Mapping[str, str]
) -> tuple[str, str | None]:
    """What was given of a setting, and where. An empty variable counts as none."""
    if option is not None:
        return setting.option, option
    named = ((name, environment[name]) for name in setting.variables if environment.get(name))
    return next(named, ("", None))
