"""What Netlify's Image CDN has to know of a deploy: the folders of other sites with pictures.

The file is a part of Netlify's Frameworks API; what is in it is added to `netlify.toml`.
Source: https://docs.netlify.com/build/image-cdn/overview/, "Remote path"
"""

from __future__ import annotations

import json

from ssg.model.images.settings import ImageService
from ssg.model.queries.site import Site
from ssg.targets.routing.remote_pictures import remote_folders

CONFIG = ".netlify/v1/config.json"
"""Relative to the root of the site."""


def image_cdn_config(site: Site) -> str | None:
    """The content of the file; None if Netlify's service has nothing to know."""
    images = site.settings.images
    if images is None or images.service != ImageService.NETLIFY:
        return None
    folders = remote_folders(site.pictures())
    if not folders:
        return None
    expressions = [folder.expression for folder in folders]
    return json.dumps({"images": {"remote_images": expressions}}, indent=2) + "\n"
