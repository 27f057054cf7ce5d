"""Imports Python from the site database: `hooks.py` and plugins, in CPython and in Pyodide alike.

What such a module may import is the same on both sides, too: a part of the standard library, the
packages that travel with every site, and modules of the database. Anything else is not there, even
where it is installed; so code that tries a fast variant first takes the same one everywhere.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import FrameType, ModuleType
from typing import Any

from ssg.model.queries.site import Site

SHIPPED_ROOMS = ("ssg.model", "ssg.render", "ssg.runtime")
SHIPPED_PACKAGES = ("jinja2", "markupsafe", "mistune", "pygments")
"""What travels to the builder beside the standard library."""

_LEFT_OUT = (
    "aifc asynchat asyncore audioop cgi cgitb chunk crypt curses dbm distutils ensurepip grp "
    "idlelib imghdr imp lib2to3 mailcap msilib msvcrt nis nntplib nt ossaudiodev pipes pwd "
    "pydoc_data readline resource smtpd sndhdr spwd sunau syslog telnetlib tkinter turtle "
    "turtledemo uu venv winreg winsound xdrlib"
)
NOT_IN_BUILDER = frozenset(_LEFT_OUT.split())
"""Modules of the standard library that Pyodide leaves out, or that Python 3.14 no longer has."""


def is_shipped(name: str) -> bool:
    """Whether a module, by its full name, is in every builder."""
    top = name.partition(".")[0]
    if top == "ssg":
        return name == top or name.startswith(SHIPPED_ROOMS)
    if top in SHIPPED_PACKAGES or name == "__future__":
        return True
    return top in sys.stdlib_module_names and not top.startswith("_") and top not in NOT_IN_BUILDER


class ModuleImporter(MetaPathFinder, Loader):
    """Imports the modules of one site database, each anew."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._tops = frozenset(name.partition(".")[0] for name in site.module_names())
        self._builtins: Mapping[str, Any] = {**vars(builtins), "__import__": self._import}

    def load(self, name: str) -> ModuleType:
        with self._in_charge():
            return importlib.import_module(name)

    def forget(self) -> None:
        """Take away what another database, or a disk, gave under the names of this one's."""
        for name in list(sys.modules):
            if name.partition(".")[0] in self._tops:
                del sys.modules[name]

    # -- the protocol of importlib -----------------------------------------------------------

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 the protocol's
        target: ModuleType | None = None,  # noqa: ARG002 the protocol's
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in self._tops:
            return None
        found = self._site.module(fullname)
        if found is None:
            raise ModuleNotFoundError(f'there is no module "{fullname}"', name=fullname)
        return ModuleSpec(fullname, self, origin=found.origin, is_package=found.is_package)

    def create_module(self, spec: ModuleSpec) -> None:  # noqa: ARG002 the protocol's
        return None

    def exec_module(self, module: ModuleType) -> None:
        found = self._site.module(module.__name__)
        if found is not None:
            vars(module)["__builtins__"] = self._builtins
            code = compile(found.text, found.origin, "exec", dont_inherit=True)
            exec(code, vars(module))  # noqa: S102 the site's own code

    # -- what its modules see ----------------------------------------------------------------

    def _import(
        self,
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: Sequence[str] = (),
        level: int = 0,
    ) -> ModuleType:
        if level == 0 and name.partition(".")[0] not in self._tops and not is_shipped(name):
            raise ModuleNotFoundError(f'"{name}" does not travel to the builder', name=name)
        with self._in_charge():
            return __import__(name, globals, locals, fromlist, level)

    @contextlib.contextmanager
    def _in_charge(self) -> Iterator[None]:
        """Before all other finders, but only while a module of the site imports."""
        sys.meta_path.insert(0, self)
        try:
            yield
        finally:
            sys.meta_path.remove(self)


def is_site_code(frame: FrameType) -> bool:
    """Whether a frame of a traceback is in a module of the site's own."""
    return isinstance(frame.f_globals.get("__loader__"), ModuleImporter)
