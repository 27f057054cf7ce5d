from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Iterator, overload
from warnings import deprecated

if TYPE_CHECKING:
    import google_boats._hidden as below

LIMIT = 5
"""The number of `Boat` objects at most."""
LONG = ["a value that is long", "is left out, as no page", "would show it in full without a scroll"]
_PRIVATE = 1


class Colour(enum.Enum):
    """Colours of a hull."""

    RED = "red"
    """As a `Boat.colour`."""
    BLUE = "blue"


@dataclass(frozen=True)
class Boat:
    """A boat. See [the anchor][google_boats.Anchor].

    Attributes:
        name: What it is called.
        length: In metres | feet.
        flag: Is not written in the class.

    Example:
        >>> Boat("Ana").name
        'Ana'
    """

    name: str
    length: float = 3.5
    crew: list[Boat] = field(default_factory=list)
    """Who is on board."""

    @property
    def colour(self) -> Colour:
        """The colour of the hull."""

    def sail(self, to: below.Anchor, *, hours: int = 3, **options: str) -> Iterator[str]:
        """Sail somewhere.

        Args:
            to: The anchor.
            hours: How long.

                - short
                - long
            **options: More of them.

        Yields:
            str: Each port.

        Raises:
            ValueError: If there is no wind.
            KeyError: Else.

        Note:
            It takes long.
        """

    def __len__(self) -> int:
        """The crew's number."""

    def __repr__(self) -> str: ...


def sail(boat: Boat, wind: str = "", /, *boats: Boat) -> dict[str, Boat] | None:
    """Let a boat sail, e.g. `Boat`. It may be slow.

    Args:
        boat: The boat.
        wind (str, optional): From where it blows, `None` | "N".
        *boats: Others.

    Returns:
        The boats by name. Each is a `Boat`.

    Examples:
        Alone:

        >>> sail(Boat("Ana"))
        {}

    Warning:
        Mind the tide.

    Todo:
        * the `LIMIT`
    """


@overload
def find(name: str) -> Boat: ...
@overload
def find(name: int) -> None: ...
def find(name):
    """Find a boat.

    With {{ braces }}, {% tags %}, <angles>, __init__ and https://example.org/a_b.
    """


@deprecated("Use `find` instead")
async def Find(name: str) -> Boat:
    """Its address would be that of `find`."""
