"""What Lambda with CloudFront can do.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (6 MB for a
response, 250 MB for a function) and
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-tags.html
(50 tags).
"""

from __future__ import annotations

from ssg.model.capabilities import Capabilities

BODY_BYTES = 4_600_000
"""A body is sent as base64, which makes 6.13 MB of this; with its headers, 6 MB (6,291,456 bytes)
are not exceeded."""
UNZIPPED_BYTES = 250 * 1024 * 1024

LAMBDA = Capabilities(
    "AWS Lambda",
    dialect="cloudfront",
    tags=50,
    clears_at_deploy=False,
    seconds=10.0,
    body_bytes=BODY_BYTES,
    has_sockets=True,
    draws_cards=True,
    is_native=True,
)
"""The seconds are the `Timeout` of the template."""
