"""Whether Redis is away, as a pure value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinkState:
    """What the last operations have shown."""

    away_since: float | None = None
    contacts: int = 0
    """How often Redis has come back. An operation that began before that says nothing new."""

    @property
    def is_away(self) -> bool:
        """Whether only the follower may try."""
        return self.away_since is not None

    def failed(self, began_at_contact: int, now: float) -> LinkState:
        """The state after an operation has failed."""
        if self.is_away or began_at_contact != self.contacts:
            return self
        return LinkState(now, self.contacts)

    def answered(self) -> LinkState:
        """The state after an operation of the follower has succeeded."""
        return LinkState(None, self.contacts + 1) if self.is_away else self
