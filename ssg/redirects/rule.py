"""A redirect rule: what it matches, and where it sends.

Source: https://docs.netlify.com/manage/routing/redirects/overview/ and
https://docs.netlify.com/manage/routing/redirects/redirect-options/
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ssg.model.errors import Location

BUILDERS = "/.netlify/builders/"
FUNCTIONS = "/.netlify/functions/"
SPLAT = "*"

REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
"""A rule with one of these sends the visitor elsewhere; any other status answers in place."""

NameValuePairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RuleConditions:
    """Who a rule is for. An empty tuple asks nothing; each other one must hold a match."""

    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is asked at all."""
        return bool(self.countries or self.languages or self.roles or self.cookies)


@dataclass(frozen=True, slots=True)
class RedirectRule:
    """One redirect rule, as it was written: paths keep their percent-encoding.

    Two rules are equal when they do the same, wherever each was written.
    """

    from_path: str
    """`/blog/*`, `/news/:year/:slug`; the path alone, also where the rule names a host."""
    to: str
    """A path or a full URL, with `:splat` and `:name` where matched parts go."""
    status: int = 301
    force: bool = False
    """Answer even where a static file exists (`200!`)."""
    query: NameValuePairs = ()
    """Query parameters that must be there: a value, or a placeholder such as `:id`."""
    conditions: RuleConditions = RuleConditions()
    origin: str | None = None
    """`https://old.example.com`, where the rule is for that host only."""
    headers: NameValuePairs = ()
    """Request headers added where `to` is another site."""
    signed: str | None = None
    """The environment variable whose value signs requests to another site."""
    where: Location | None = field(default=None, compare=False)

    @property
    def redirects(self) -> bool:
        """Whether the visitor is sent elsewhere; otherwise the answer comes in place."""
        return self.status in REDIRECT_STATUSES

    @property
    def builder(self) -> str | None:
        """The name of the On-demand Builder that answers, or None where none does."""
        if self.redirects or not self.to.startswith(BUILDERS):
            return None
        return self.to[len(BUILDERS) :].split("/")[0] or None

    @property
    def calls_builder(self) -> bool:
        """Whether an On-demand Builder answers."""
        return self.builder is not None

    @property
    def leaves_site(self) -> bool:
        """Whether the target is a full URL."""
        return is_url(self.to)

    @property
    def is_unconditional(self) -> bool:
        """Whether the path alone decides."""
        return not (self.conditions or self.query or self.origin)

    def __str__(self) -> str:
        """The rule in short, as messages name it."""
        return f"{self.origin or ''}{self.from_path} {self.to} {self.status}{'!' * self.force}"


def is_url(target: str) -> bool:
    """Whether a target is a full URL, and not a path of this site."""
    return target.startswith(("http://", "https://"))
