"""The environment variables of a site, as parameters of the template: `API_TOKEN` is `ApiToken`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ssg.model.live.variables import variables_in
from ssg.model.settings import SiteSettings


@dataclass(frozen=True, slots=True)
class SiteVariable:
    """A variable that the function needs, and the parameter with its value."""

    name: str
    parameter: str
    is_secret: bool

    @property
    def declaration(self) -> dict[str, object]:
        """The parameter in the template. CloudFormation does not show the value of a secret."""
        what = "sources" if self.is_secret else "pages and sources"
        values = {"Type": "String", "Description": f"The variable {self.name}, for {what}."}
        return {**values, "NoEcho": True} if self.is_secret else {**values}


def site_variables(settings: SiteSettings) -> list[SiteVariable]:
    """The variables that `[runtime] env` and sources name. Those that `env` lacks are secrets."""
    sources = settings.sources.values()
    texts = (text for one in sources for text in (one.url, *one.headers.values()))
    names = dict.fromkeys((*settings.env, *(name for text in texts for name in variables_in(text))))
    return list(_with_parameters(list(names), settings))


def _with_parameters(names: list[str], settings: SiteSettings) -> Iterator[SiteVariable]:
    taken = set[str]()
    for name in names:
        plain = "".join(part.capitalize() for part in name.split("_")) or "Variable"
        parameter = plain
        while parameter in taken or not parameter[0].isalpha():
            parameter = f"Variable{plain}{len(taken) + 1}"
        taken.add(parameter)
        yield SiteVariable(name, parameter, name not in settings.env)
