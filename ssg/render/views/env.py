"""`env` in templates: the environment variables that the configuration names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ssg.model.errors import Problem, RenderError, did_you_mean


class EnvView:
    """`env.NAME`. What `[runtime] env` does not name is not seen; what is not set is an error."""

    def __init__(self, names: Sequence[str], values: Mapping[str, str]) -> None:
        self._names = names
        self._values = values

    def __getattr__(self, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._names:
            hint = did_you_mean(name, self._names) or f'Add it: env = ["{name}"] in [runtime]'
            raise RenderError(Problem(f'env has no "{name}"', None, hint))
        if name not in self._values:
            raise RenderError(Problem(f"the environment variable {name} is not set"))
        return self._values[name]

    __getitem__ = __getattr__

    def __contains__(self, name: str) -> bool:
        return name in self._names and name in self._values


class EnvDefaults(dict[str, str]):
    """Values of variables, for a check where the host is not: those that are not set are empty."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return ""
