"""Contents of variants in the variant cache."""

from __future__ import annotations

from ssg.edge.images.image_function import VariantContent
from ssg.images.variant_cache import VariantCache


def read_content(cache: VariantCache, file_name: str) -> VariantContent | None:
    """Read a variant, if it is as it was written."""
    data = cache.read(file_name)
    return VariantContent(data, cache.find(file_name)) if data else None


def write_content(cache: VariantCache, file_name: str, data: bytes) -> VariantContent:
    """Write a variant, if the disk lets us."""
    try:
        return VariantContent(data, cache.write(file_name, data))
    except OSError:
        return VariantContent(data, None)
