"""NumPy's style."""

from __future__ import annotations


class Base:
    """What floats."""

    def sink(self) -> None:
        """Go down."""


class Boat(Base):
    """
    A boat.

    Parameters
    ----------
    name : str
        What it is called.

    Attributes
    ----------
    name : str
        As given.
    """

    class Mast:
        """A mast."""

        def lower(self) -> None:
            """Lower it."""

    def __init__(self, name: str, owner: Boat | None = None) -> None:
        self.name = name
        self.owner = owner
        self._hidden = 1


def mean(x, axis=None, *, where=True):
    r"""
    Compute the mean of `Boat` lengths.

    More of it: :math:`\mu`.

    Parameters
    ----------
    x : array_like
        The values, each of a :class:`~numpy_boats.Boat`.
    axis : {0, 1}, optional
        The axis.
    where : bool, default: True
        Which.

    Returns
    -------
    mean : float
        The mean.
    n : int
        How many.

    Raises
    ------
    ValueError
        If empty.

    See Also
    --------
    Boat.sink : Goes down.
    other

    Notes
    -----
    It is slow.

    References
    ----------
    .. [1] Knuth, for the `Boat`.

    Examples
    --------
    >>> mean([1, 2])
    1.5
    """
