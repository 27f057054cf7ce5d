"""New accounts.

Whether a name is taken can be seen: it is the address of a public page. No e-mail address is asked
for, so there is nothing here that would tell who somebody is.
"""

from __future__ import annotations

from blog.accounts import accounts, limits, login
from blog.accounts.login import BegunSession
from blog.accounts.names import FIELD, checked_display_name, checked_name
from blog.accounts.passwords import checked_password
from blog.endpoint import Call
from blog.posts.changes import note
from blog.refusal import RefusalError, invalid

_TAKEN = "This name, or one that looks like it, is taken."


def sign_up(call: Call, told_name: str, told_display_name: str, password: str) -> BegunSession:
    """Add an account and log in to it. Raises RefusalError, with all that is wrong."""
    name, display_name = _checked(told_name, told_display_name, password)
    limits.take(call.platform, "signup", limits.network(call.address))
    hashed = call.platform.passwords.hashed(password)
    with call.platform.database.writing() as connection:
        account = accounts.add(connection, name, display_name, hashed, call.platform.clock())
        if account is None:
            raise invalid({FIELD: _TAKEN})
        note(connection, call.platform, [f"user:{name}"])  # somebody may have seen that it is free
        return login.begin(connection, call, account, hashed)


def _checked(told_name: str, told_display_name: str, password: str) -> tuple[str, str]:
    """The name and the display name. Raises RefusalError."""
    problems: dict[str, str] = {}
    name = display_name = ""
    try:
        name = checked_name(told_name)
    except RefusalError as error:
        problems |= error.fields
    try:
        display_name = checked_display_name(told_display_name, name)
    except RefusalError as error:
        problems |= error.fields
    try:
        checked_password(password, name)
    except RefusalError as error:
        problems |= error.fields
    if problems:
        raise invalid(problems)
    return name, display_name
