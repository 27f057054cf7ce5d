"""Loads a target by its name. The table of targets is `ssg.config.target_registry`."""

from __future__ import annotations

from pkgutil import resolve_name
from typing import cast

from ssg.config.target_registry import TARGETS
from ssg.model.settings import TargetSettings
from ssg.targets.target import Target


def target_for(settings: TargetSettings, *, package: bool = True) -> Target:
    """The target that a configuration names; `ssg.config` has checked the name.

    Without `package` it makes rules and pages, but no function.
    """
    target = resolve_name(TARGETS[settings.name].class_name)
    return cast(Target, target(settings, package=package))
