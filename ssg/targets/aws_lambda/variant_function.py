"""Variants of pictures in the function, made on their first request.

The function contains the originals. A variant is kept in `/tmp` as long as Lambda keeps the
process; CloudFront keeps it for a year, since its address changes with its bytes.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Self

from ssg.images.encoder_pool import EncoderPool
from ssg.images.maker import VariantMaker
from ssg.images.picture_error import PictureError
from ssg.images.variant_cache import VariantCache
from ssg.model.errors import SsgError
from ssg.model.images.card_variant import CardVariant
from ssg.model.images.picture import Picture
from ssg.model.images.settings import ImageSettings
from ssg.model.images.variant import Variant, original_name
from ssg.model.queries.site import Site
from ssg.redirects.rule import addresses_of
from ssg.render.views.card import design_of, find_card
from ssg.runtime.http import Failure, Response
from ssg.runtime.variant_lookup import FoundVariant, VariantLookup
from ssg.targets.aws_lambda.capabilities import LAMBDA
from ssg.targets.aws_lambda.function_files import CARD_FILES, ORIGINALS

LASTING = "public, max-age=31536000, immutable"

_SECONDS = (LAMBDA.seconds or 10) - 1
"""How long a variant may take: the answer that says so takes time, too."""
_VARIANTS = "ssg-variants"


class VariantFunction:
    """Finds variants and cards by their addresses, and makes them. `folder` is the function's."""

    def __init__(
        self, site: Site, lookup: VariantLookup, maker: VariantMaker, folder: Path
    ) -> None:
        self._site = site
        self._lookup = lookup
        self._maker = maker
        self._folder = folder

    @classmethod
    def open(cls, site: Site, function: Path, name: str, temporary: Path | None = None) -> Self:
        """That of the site in a folder; `name` is the name of the function for pictures."""
        settings = site.settings.images or ImageSettings()
        lookup = VariantLookup(site, settings.addresses, addresses_of(name))
        cache = VariantCache((temporary or Path(tempfile.gettempdir())) / _VARIANTS)
        pool = EncoderPool(1, _SECONDS, settings.max_pixels)
        return cls(site, lookup, VariantMaker(cache, pool, settings), function)

    def find(self, path: str) -> FoundVariant | None:
        """The variant or the card at a decoded path; None if there is none."""
        card, design = find_card(self._site, path), design_of(self._site)
        if card and design:
            return FoundVariant(CardVariant.of(card, design))
        return self._lookup.find(path)

    def answer(self, found: FoundVariant) -> Response:
        """A variant, without what is said of its caching; a failure if it cannot be made."""
        variant = found.variant
        try:
            body = self._made(variant)
        except (SsgError, PictureError, OSError) as error:
            return Response(500, b"", failure=_failure(variant, str(error)))
        if len(body) > (LAMBDA.body_bytes or 0):
            reason = f"has {len(body):,} bytes; the function sends {LAMBDA.body_bytes:,} at most"
            return Response(500, b"", failure=_failure(variant, reason))
        headers = {"content-type": variant.media_type}
        if found.is_lasting:
            headers["cache-control"] = LASTING
        return Response(200, body, headers)

    def _made(self, variant: Variant) -> bytes:
        if not isinstance(variant, CardVariant):
            original = original_file(self._folder / ORIGINALS, variant.picture)
            return self._maker.read(original, variant)
        from ssg.images.cards.card_files import draw_card  # noqa: PLC0415 few functions have it

        return draw_card(variant.design, self._folder / CARD_FILES, variant.card)


def original_file(folder: Path, picture: Picture) -> Path:
    """The file of an original in their folder."""
    return folder / original_name(picture)


def _failure(variant: Variant, reason: str) -> Failure:
    return Failure(f"{variant.picture.path}: {variant.file_name} {reason}")
