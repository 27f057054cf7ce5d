"""Loads a target by its name. The table of targets is `ssg.config.target_registry`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from typing import cast

from ssg.config.target_registry import TARGETS
from ssg.model.errors import Problem, PurgeError, did_you_mean
from ssg.model.settings import TargetSettings
from ssg.targets.fronts.fronts import FRONTS
from ssg.targets.purge.purger import Purger
from ssg.targets.target import Target


def target_for(settings: TargetSettings, *, package: bool = True) -> Target:
    """The target that a configuration names; `ssg.config` has checked the name.

    Without `package` it makes rules and pages, but no function.
    """
    target = resolve_name(TARGETS[settings.name].class_name)
    return cast(Target, target(settings, package=package))


def purger_for(
    host: str, environment: Mapping[str, str], log: Callable[[str], None] = lambda _: None
) -> Purger:
    """What purges a host: the name of a target or of a cache in front of a server, or the URL of a
    site with an endpoint for it.

    Raises PurgeError.
    """
    if "://" in host:
        from ssg.targets.purge.signed_purger import SignedPurger  # noqa: PLC0415 no build needs HTTP

        return SignedPurger(host, environment, log=log)
    if host in FRONTS:
        purger = FRONTS[host].purger(environment, log)
    elif host in TARGETS:
        purger = target_for(TargetSettings(name=host), package=False).purger(environment, log)
    else:
        hint = did_you_mean(host, (*TARGETS, *FRONTS)) or _hosts()
        raise PurgeError(Problem(f'unknown host "{host}"', None, hint))
    if purger is None:
        raise PurgeError(Problem(f'the host "{host}" has no cache that ssg can purge'))
    return purger


def _hosts() -> str:
    fronts = ", ".join(name for name, front in FRONTS.items() if front.purger_class)
    return f"Write netlify, vercel, {fronts}, or the URL of the site"
