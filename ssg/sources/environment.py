"""The variables that a site names: which ones templates see, and which ones are secrets.

`[runtime] env` lists those that are visible. `${NAME}` in the headers of a source, or in the URL of
a database, may name others: these are secrets. Only a shell fills them in, and it removes their
values from each text that leaves it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ssg.model.live.data_source import DataSource
from ssg.model.live.variables import VARIABLE, variables_in
from ssg.sources.data_client import SourceError
from ssg.sources.redaction import Redaction


@dataclass(frozen=True)  # without slots: the forms of secrets are computed once
class SiteEnvironment:
    """The variables of a site. All of `values` that are not in `visible` are secrets."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    visible: Collection[str] = ()

    @classmethod
    def for_site(
        cls, variables: Mapping[str, str], visible: Collection[str], sources: Iterable[DataSource]
    ) -> SiteEnvironment:
        """The part of all variables that a site names."""
        texts = [text for one in sources for text in (one.url, *one.headers.values())]
        names = {*visible, *(name for text in texts for name in variables_in(text))}
        return cls({name: variables[name] for name in names if name in variables}, visible)

    @cached_property
    def visible_values(self) -> Mapping[str, str]:
        """What templates see as `env`."""
        return {name: self.values[name] for name in self.visible if name in self.values}

    def fill(self, text: str, where: str) -> str:
        """A text with values in place of `${NAME}`. Raises SourceError for one without a value."""
        missing = [name for name in variables_in(text) if name not in self.values]
        if missing:
            names = ", ".join(dict.fromkeys(missing))
            raise SourceError(f"{where} needs a value of the variable {names}, which is not set")
        return VARIABLE.sub(lambda found: self.values[found[1]], text)

    def redact(self, text: str) -> str:
        """A text without the values of secrets, however they are encoded."""
        return self._redaction.text(text)

    def redaction_of(self, texts: Iterable[str]) -> Redaction:
        """What removes the secrets that some texts name."""
        names = {name for text in texts for name in variables_in(text)}
        return Redaction.of(self.values[name] for name in names & self._secrets)

    @cached_property
    def _redaction(self) -> Redaction:
        return Redaction.of(self.values[name] for name in self._secrets)

    @cached_property
    def _secrets(self) -> frozenset[str]:
        return frozenset(self.values).difference(self.visible)
