"""Sphinx's style.

A module with :class:`Harbour`, :func:`~sphinx_boats.other.open_all` and :func:`to open <other.open_all>`.

.. note::

   It was :mod:`boats.port` before [1]_.

.. code-block:: console
   :linenos:

   $ boats

Sections
--------

A `link <https://example.org/>`_, :kbd:`Esc` and :ref:`unknown`.
"""

import sphinx_boats.other as other
from .other import Boat


class Harbour:
    """A harbour.

    Holds :class:`~sphinx_boats.other.Boat` objects; see ``Boat`` and :meth:`enter`.

    .. deprecated:: 1.2
       Use :class:`.Boat`.

    Example::

        h = Harbour(3)

        h.enter(Boat("x"))

    :ivar places: How many.
    """

    def __init__(self, places: int, owner: "other.Boat" = None):
        """Make one.

        :param places: How many boats.
        """
        self.places = places

    def enter(self, boat: Boat, hours: int = 3) -> bool:
        """Let a boat in.

        :param boat: The :class:`.Boat`.
        :param int hours: How long.
        :returns: Whether there is a place.
        :rtype: bool
        :raises ValueError: If closed.
        """


def close():
    """:returns: True"""
