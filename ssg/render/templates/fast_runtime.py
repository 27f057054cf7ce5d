"""What the Python of templates calls at every turn, with Jinja's answers in fewer steps."""

from __future__ import annotations

from collections.abc import Callable
from types import MethodType
from typing import Any

from jinja2.runtime import Context, Macro
from jinja2.utils import internalcode
from markupsafe import (  # type: ignore[attr-defined]  # both forms of the package have it
    Markup,
    _escape_inner,
    escape,
)


def printed(value: object) -> str:
    """What `{{ value }}` prints: as `escape` has it, but plain, as a template joins it at once."""
    if type(value) is str:
        return _escape_inner(value)
    return value if type(value) is Markup else escape(value)


class FastContext(Context):
    """Calls macros, and methods that ask for nothing of Jinja's, without looking twice."""

    @internalcode
    def call(self, function: Callable[..., Any], *values: Any, **named: Any) -> Any:
        if type(function) is Macro:
            values = (self.eval_ctx, *values)
        elif type(function) is not MethodType or hasattr(function, "jinja_pass_arg"):
            return super().call(function, *values, **named)
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        try:
            return function(*values, **named)
        except StopIteration:
            return super().call(_stop)


def _stop() -> None:
    raise StopIteration
