"""The rules that lead requests for variants of pictures to the function that makes them.

No rule is forced: the variants that the build has made are files, and files come first. A rule may
match more than the function knows; it answers 404 for the rest.
"""

from __future__ import annotations

from ssg.model.images.address import AddressPattern
from ssg.model.images.settings import ImageService, ImageSettings
from ssg.model.images.variant import VARIANTS_PATH
from ssg.model.queries.site import Site
from ssg.redirects.rule import SPLAT, RedirectRule

PICTURES = "pictures"
"""What messages of the rules' proof call them."""


def function_images(site: Site) -> ImageSettings | None:
    """The settings of a site with variants that a function makes; None if there are none."""
    images = site.settings.images
    if images is None or (images.service != ImageService.SSG and not images.addresses):
        return None
    defers = any(one.has_variants and one.deferred is not False for one in site.pictures())
    return images if defers or images.addresses else None


def image_rules(images: ImageSettings | None, address: str) -> tuple[RedirectRule, ...]:
    """The rules for `/_img/` and for the folders of the site's own addresses."""
    if images is None:
        return ()
    own = (AddressPattern(one).folder for one in images.addresses)
    folders = dict.fromkeys((VARIANTS_PATH, *own))
    return tuple(RedirectRule(folder + SPLAT, address, 200) for folder in folders)
