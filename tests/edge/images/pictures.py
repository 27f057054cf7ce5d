"""An image function of tests: its variants are texts, and it counts what it makes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ssg.edge.images.image_function import FoundPicture, RefusedPicture, VariantContent
from ssg.model.images.picture import Picture
from ssg.model.images.recipe import Recipe
from ssg.model.images.variant import Variant
from ssg.redirects.rule import RedirectRule
from ssg.runtime.variant_lookup import FoundVariant

ADDRESS = "/.netlify/builders/ssg-images"
IMAGE_RULES = (
    RedirectRule("/_img/*", ADDRESS, 200),
    RedirectRule("/img/:file/:width", ADDRESS, 200),
)
SERVICE = "/.netlify/images"


def variant(digest: str = "0123456789abcdef", width: int = 640) -> Variant:
    """A variant of a picture."""
    picture = Picture(
        "/boat.jpg", "static/boat.jpg", digest, "", 4000, 3000, "jpeg",
        False, False, "", "", "", "",
    )  # fmt: skip
    return Variant(picture, Recipe(width), "webp")


@dataclass
class TextPictures:
    """An `ImageFunction` with these variants. `make_with` may be replaced at any time."""

    folder: Path
    variants: dict[str, Variant] = field(default_factory=dict)
    make_with: Callable[[Variant], bytes] = lambda variant: f"<{variant.file_name}>".encode() * 20
    finds: list[str] = field(default_factory=list)
    makes: list[str] = field(default_factory=list)
    damaged: set[str] = field(default_factory=set)
    can_write: bool = True
    addresses: frozenset[str] = frozenset({ADDRESS})
    service_path: str = SERVICE
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find_by_service(self, query: str, accept: str) -> FoundPicture:
        if "w=7" in query:
            return RefusedPicture(400, "w=7 is not one of the widths")
        return FoundVariant(variant()) if "webp" in accept else None

    def find(self, path: str) -> FoundPicture:
        self.finds.append(path)
        if path == "/img/boat.jpg/640":
            return FoundVariant(variant(), is_lasting=False)
        found = self.variants.get(path)
        return FoundVariant(found) if found else None

    def made(self, variant: Variant) -> VariantContent | None:
        path = self.folder / variant.file_name
        if not path.exists() or variant.file_name in self.damaged:
            return None
        return VariantContent(path.read_bytes(), path)

    def keep(self, variant: Variant, data: bytes) -> VariantContent:
        path = self.folder / variant.file_name
        if not self.can_write:
            return VariantContent(data, None)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{threading.get_ident()}")
        draft.write_bytes(data)
        draft.replace(path)
        self.damaged.discard(variant.file_name)
        return VariantContent(data, path)

    def make(self, variant: Variant) -> VariantContent:
        with self._lock:
            self.makes.append(variant.file_name)
        return self.keep(variant, self.make_with(variant))


def pictures(folder: Path, *variants: Variant) -> TextPictures:
    """An image function that knows these variants, or one."""
    known = variants or (variant(),)
    return TextPictures(folder / "variants", {one.path: one for one in known})
