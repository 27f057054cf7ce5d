"""What the platform does not do, and why: the errors that people see."""

from __future__ import annotations

from collections.abc import Mapping


class RefusalError(Exception):
    """A request that is refused. `fields` says what is wrong with which value of a form."""

    def __init__(
        self,
        status: int,
        message: str,
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.fields = dict(fields or {})
        self.headers = dict(headers or {})


def invalid(fields: Mapping[str, str]) -> RefusalError:
    """Values that cannot be accepted."""
    return RefusalError(422, "Please correct what is marked.", fields)


def not_found(what: str = "There is nothing at this address.") -> RefusalError:
    return RefusalError(404, what)
