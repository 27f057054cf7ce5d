"""A redirect rule: which requests it matches, and where it sends them.

Source: https://docs.netlify.com/manage/routing/redirects/overview/ and
https://docs.netlify.com/manage/routing/redirects/redirect-options/
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ssg.model.errors import Location

BUILDERS = "/.netlify/builders/"
FUNCTIONS = "/.netlify/functions/"
OWN_FUNCTIONS = "/_ssg/functions/"
"""Functions on hosts where nobody reaches them at an address."""
FUNCTION_FOLDERS = (BUILDERS, FUNCTIONS, OWN_FUNCTIONS)
SPLAT = "*"

REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
"""With one of these statuses a rule redirects; with any other it answers in place (rewrites)."""

NameValuePairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RuleConditions:
    """The visitors that a rule matches. Each tuple that is not empty must contain a match."""

    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is any condition."""
        return bool(self.countries or self.languages or self.roles or self.cookies)


@dataclass(frozen=True, slots=True)
class RedirectRule:
    """One redirect rule, as its author wrote it: paths keep their percent-encoding.

    Two rules are equal if they do the same; `has_status` and `where` do not count.
    """

    from_path: str
    """`/blog/*`, `/news/:year/:slug`. If the rule names a host, that is in `origin`."""
    to: str
    """The destination: a path or a URL. `:splat` and `:name` stand for matched parts."""
    status: int = 301
    force: bool = False
    """The rule applies even if a static file exists (`200!`, rule 15)."""
    query: NameValuePairs = ()
    """Required query parameters; each has a value, or a placeholder such as `:id`."""
    conditions: RuleConditions = RuleConditions()
    origin: str | None = None
    """`https://old.example.com`, if the rule matches that host only."""
    headers: NameValuePairs = ()
    """Headers that are added to requests to another site."""
    signed: str | None = None
    """The environment variable with the key that signs requests to another site."""
    has_status: bool = field(default=True, compare=False, repr=False)
    """Whether its author wrote the status."""
    where: Location | None = field(default=None, compare=False)

    @property
    def redirects(self) -> bool:
        """Whether the visitor is redirected; if not, the rule answers in place."""
        return self.status in REDIRECT_STATUSES

    @property
    def function(self) -> str | None:
        """The address of the function that answers, such as `/.netlify/builders/NAME`, or None."""
        return None if self.redirects else function_address(self.to)

    @property
    def leaves_site(self) -> bool:
        """Whether the destination is a URL."""
        return is_url(self.to)

    @property
    def is_unconditional(self) -> bool:
        """Whether the rule matches every request for its path."""
        return not (self.conditions or self.query or self.origin)

    def __str__(self) -> str:
        """The rule as messages quote it."""
        return f"{self.origin or ''}{self.from_path} {self.to} {self.status}{'!' * self.force}"


def function_address(destination: str) -> str | None:
    """The address of the function that a path names, without what follows the function's name."""
    for folder in FUNCTION_FOLDERS:
        if destination.startswith(folder):
            name = destination[len(folder) :].split("/", maxsplit=1)[0]
            return folder + name if name else None
    return None


def addresses_of(name: str) -> frozenset[str]:
    """The addresses of a function on all hosts."""
    return frozenset(folder + name for folder in FUNCTION_FOLDERS)


def page_path(requested: str, address: str) -> str:
    """The path of the page that a function is asked for, also at its own address (rule 1).

    The function's entry, `ssg-pages.js`, does the same.
    """
    if requested == address:
        return "/"
    return requested.removeprefix(address) if requested.startswith(f"{address}/") else requested


def is_url(destination: str) -> bool:
    """Whether a destination is a full URL, not a path of this site."""
    return destination.startswith(("http://", "https://"))
