"""Targets by name."""

from __future__ import annotations

from ssg.model.settings import TargetSettings
from ssg.targets.static import StaticTarget
from ssg.targets.target import Target


def target_for(settings: TargetSettings, *, package: bool = True) -> Target:
    """The target that a configuration names; `ssg.config` has checked the name.

    Without `package` it makes rules and pages, but no function.
    """
    if settings.name == StaticTarget.name:
        return StaticTarget()
    from ssg.targets.netlify.target import NetlifyTarget  # noqa: PLC0415 many rooms for one host

    return NetlifyTarget(settings.function, settings.texts, package=package)
