"""Names of accounts: the first part of the addresses of somebody's pages.

A name has ASCII only, so no letter of another script looks like one of it. What looks alike within
ASCII, such as `0` and `o`, counts as the same name: each name has a skeleton, which is unique (as
in Unicode Technical Standard 39, which does it for all scripts).
"""

from __future__ import annotations

import re
import unicodedata

from blog.refusal import invalid

MIN_CHARACTERS = 3
MAX_CHARACTERS = 30
MAX_DISPLAY_CHARACTERS = 60
MAX_ABOUT_CHARACTERS = 2_000
FIELD = "user"

_ALLOWED = re.compile(r"[a-z0-9-]*")
_SHAPE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# The longer one is meant, where one of two has more letters: `vvv` is `vw` and `wv`.
_LOOK_ALIKE = (("-", ""), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"), ("m", "rn"), ("w", "vv"))
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories of characters that nobody sees: controls, marks of direction, halves of pairs."""
_SPACES = {ord("\n"): " ", ord("\t"): " "}

_OF_THE_SITE = """
    about account api feed login logout me media newest popular search settings shell signup ssg
    static tags write
"""
_USUAL = """
    abuse accounts admin administrator all anonymous app apps archive archives assets atom auth
    author authors billing blog blogs bot categories category cdn cgi-bin comment comments contact
    cookies copyright css dashboard default delete deleted dev dns docs download downloads draft
    drafts edit editor email embed error errors everybody everyone example explore export faq
    favicon feedback feeds file files fonts forum ftp ghost git guest guide health help home host
    hostmaster html http https icon icons image images img imap import impressum imprint index info
    install invite java javascript jobs json jwt legal license list lists live local localhost
    log-in log-out mail manage manifest master member members message messages metrics moderation
    moderator moderators name new news newsletter nobody none noreply nothing notifications null
    oauth official order owner page pages password payment photos picture pictures ping plans policy
    pop3 post postmaster posts premium press preview pricing privacy private profile profiles public
    purge random read readme register registration report reports reset robots root rss rules
    sales save script scripts secure security self server service session sessions setup share shop
    sign-in sign-out sign-up signin signout site sitemap smtp spam sql src staff stats status store
    style styles subscribe support sync system tag team teams terms test tests text theme themes
    this tmp today token tools top topic topics tos trending trust undefined unknown unsubscribe
    update upload uploads user username users verify version video void web webmaster well-known
    wiki wordpress wp-admin wp-content wp-includes wp-json wp-login www xml xmlrpc you your
"""


def skeleton(name: str) -> str:
    """What is the same for names that look alike."""
    for seen, meant in _LOOK_ALIKE:
        name = name.replace(seen, meant)
    return name


RESERVED = frozenset((_OF_THE_SITE + _USUAL).split())
"""Names that nobody gets: paths of the site, and words that would deceive readers."""
_RESERVED_SKELETONS = frozenset(map(skeleton, RESERVED))


def normalised(name: str) -> str:
    """A name as it is stored: spaces around it and the case of ASCII letters do not matter."""
    name = name.strip()
    return name.lower() if name.isascii() else name


def is_possible(name: str) -> bool:
    """Whether an account could have this normalised name."""
    return len(name) <= MAX_CHARACTERS and bool(_ALLOWED.fullmatch(name))


def checked_name(told: str) -> str:
    """The normalised form of a new name. Raises RefusalError, which says what is wrong with it."""
    name = normalised(told)
    if problem := _problem(name):
        raise invalid({FIELD: problem})
    return name


def _problem(name: str) -> str:
    if strange := [character for character in name if not character.isascii()]:
        return f"{_described(strange[0])} is not one of the letters a to z."
    if not _ALLOWED.fullmatch(name):
        return "A name has letters, digits and hyphens only."
    if not MIN_CHARACTERS <= len(name) <= MAX_CHARACTERS:
        return f"A name has {MIN_CHARACTERS} to {MAX_CHARACTERS} characters."
    if not _SHAPE.fullmatch(name):
        return "A name begins with a letter, and hyphens stand alone between other characters."
    if skeleton(name) in _RESERVED_SKELETONS:
        return "This name, or one that looks like it, belongs to the site."
    return ""


def _described(character: str) -> str:
    name = unicodedata.name(character, "").lower() or f"U+{ord(character):04X}"
    return f"“{character}” ({name})" if character.isprintable() else name


def checked_display_name(told: str, name: str) -> str:
    """The name that readers see; that of the addresses if it is empty. Raises RefusalError."""
    shown = " ".join(unicodedata.normalize("NFC", told).split())
    if len(shown) > MAX_DISPLAY_CHARACTERS:
        raise invalid({"name": f"This has more than {MAX_DISPLAY_CHARACTERS} characters."})
    if any(unicodedata.category(character) in _INVISIBLE for character in shown):
        raise invalid({"name": "This has characters that cannot be seen."})
    return shown or name


def checked_about(told: str) -> str:
    """What somebody writes about themselves, in Markdown. Raises RefusalError."""
    about = told.replace("\r\n", "\n").strip()
    if len(about) > MAX_ABOUT_CHARACTERS:
        raise invalid({"about": f"This has more than {MAX_ABOUT_CHARACTERS:,} characters."})
    if any(
        unicodedata.category(character) in {"Cc", "Cs"} for character in about.translate(_SPACES)
    ):
        raise invalid({"about": "This has characters that cannot be seen."})
    return about
