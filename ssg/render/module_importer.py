"""Imports the site's own Python, `hooks.py` and plugins, from the site database.

Pages must be the same on the machine that builds (CPython) and in the function of a host (Pyodide).
So both import these modules from the database, never from a disk. And both let them import the same
things: the part of the standard library that Pyodide has, the packages that every site ships, and
each other. Anything else does not exist for them, even where it is installed: code that tries a
fast package first then takes the same branch everywhere.

`ModuleImporter` is a finder and loader of importlib. It puts itself at the front of `sys.meta_path`
only while a module of the site is imported. Its modules get their own `__import__`, which checks
the name and then activates the finder, also for an import within a function at a later time.
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
"""What every site ships in addition to the standard library."""

_MISSING_MODULES = (
    "aifc asynchat asyncore audioop cgi cgitb chunk crypt curses dbm distutils ensurepip grp "
    "idlelib imghdr imp lib2to3 mailcap msilib msvcrt nis nntplib nt ossaudiodev pipes pwd "
    "pydoc_data readline resource smtpd sndhdr spwd sunau syslog telnetlib tkinter turtle "
    "turtledemo uu venv winreg winsound xdrlib"
)
NOT_IN_BUILDER = frozenset(_MISSING_MODULES.split())
"""Modules of the standard library that Pyodide lacks or that Python 3.14 has removed."""


def is_shipped(name: str) -> bool:
    """Tell whether a module, by its full name, is part of every function."""
    top = name.partition(".")[0]
    if top == "ssg":
        return name == top or name.startswith(SHIPPED_ROOMS)
    if top in SHIPPED_PACKAGES or name == "__future__":
        return True
    return top in sys.stdlib_module_names and not top.startswith("_") and top not in NOT_IN_BUILDER


class ModuleImporter(MetaPathFinder, Loader):
    """Imports the modules of one site database."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._tops = frozenset(name.partition(".")[0] for name in site.module_names())
        self._builtins: Mapping[str, Any] = {**vars(builtins), "__import__": self._import}

    def load(self, name: str) -> ModuleType:
        with self._as_first_finder():
            return importlib.import_module(name)

    def forget(self) -> None:
        """Unload modules of these names that came from another database or from a disk."""
        for name in list(sys.modules):
            if name.partition(".")[0] in self._tops:
                del sys.modules[name]

    # -- the protocol of importlib -----------------------------------------------------------

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 part of the protocol
        target: ModuleType | None = None,  # noqa: ARG002 part of the protocol
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in self._tops:
            return None
        found = self._site.module(fullname)
        if found is None:
            raise ModuleNotFoundError(f'there is no module "{fullname}"', name=fullname)
        return ModuleSpec(fullname, self, origin=found.origin, is_package=found.is_package)

    def create_module(self, spec: ModuleSpec) -> None:  # noqa: ARG002 part of the protocol
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
            raise ModuleNotFoundError(f'"{name}" is not available in the builder', name=name)
        with self._as_first_finder():
            return __import__(name, globals, locals, fromlist, level)

    @contextlib.contextmanager
    def _as_first_finder(self) -> Iterator[None]:
        """Stand before all other finders for the time of an import."""
        sys.meta_path.insert(0, self)
        try:
            yield
        finally:
            sys.meta_path.remove(self)


def forget_site_modules(top: str) -> None:
    """Unload a package that came from a site database, so that Python finds the installed one."""
    if isinstance(getattr(sys.modules.get(top), "__loader__", None), ModuleImporter):
        for name in [name for name in sys.modules if name.partition(".")[0] == top]:
            del sys.modules[name]


def is_site_code(frame: FrameType) -> bool:
    """Tell whether a frame of a traceback belongs to the site's own Python."""
    return isinstance(frame.f_globals.get("__loader__"), ModuleImporter)
