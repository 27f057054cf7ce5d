"""Purges a distribution of CloudFront, by invalidations of tags.

Sources: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-by-tags.html
and https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html. A tag
is a path that begins with `#`. 3,000 may be in progress at once; CloudFront says that most are done
within 25 seconds, so the next 3,000 wait a minute. There are no soft purges.

botocore finds the credentials (variables, profiles, the role of a machine) and signs.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ssg.model.errors import Problem, PurgeError
from ssg.targets.purge.api_purger import ApiPurger, MakeRequest
from ssg.targets.purge.delivery import Pace
from ssg.targets.purge.http_post import (
    PostRequest,
    checked_address,
    checked_identifier,
)

if TYPE_CHECKING:
    from botocore.credentials import Credentials

API = "https://cloudfront.amazonaws.com"
API_VERSION = "2020-05-31"
DISTRIBUTION_ID = "SSG_CLOUDFRONT_DISTRIBUTION"
API_URL = "AWS_ENDPOINT_URL_CLOUDFRONT"
"""The address of the API, as the SDKs of AWS read it."""

PACE = Pace(1, 60.0)
TAGS_IN_A_REQUEST = 3000

_SIGNED_FOR = "cloudfront", "us-east-1"
_EVERYTHING = ("/*",)
_KEYS_HINT = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or give a role"
_HINTS = {
    400: "At most 3,000 tags may be in progress; the distribution needs a CacheTagConfig",
    403: "The credentials are wrong, or lack the permission cloudfront:CreateInvalidation",
    404: f"There is no distribution {DISTRIBUTION_ID} in this account",
}


class CloudFrontPurger(ApiPurger):
    """Purges the distribution that the environment names."""

    host = "CloudFront"
    pace = PACE
    hints = _HINTS
    tags_in_a_request = TAGS_IN_A_REQUEST

    def read(self, environment: Mapping[str, str]) -> None:
        hint = "It is the ID of the distribution, such as E2QWRUHEXAMPLE"
        distribution = checked_identifier(environment.get(DISTRIBUTION_ID), DISTRIBUTION_ID, hint)
        api = checked_address(environment.get(API_URL) or API, API_URL)
        self._url = f"{api}/{API_VERSION}/distribution/{distribution}/invalidation"
        self._credentials = _credentials()

    def by_tags(self, tags: tuple[str, ...]) -> MakeRequest:
        return self._request(tuple(f"#{tag}" for tag in tags))

    def of_everything(self) -> MakeRequest:
        return self._request(_EVERYTHING)

    def _request(self, paths: tuple[str, ...]) -> MakeRequest:
        body = invalidation_batch(paths, f"ssg-{uuid.uuid4().hex}")
        return lambda: self._signed(body)

    def _signed(self, body: bytes) -> PostRequest:
        """Each attempt has a signature of its own, which counts for some minutes."""
        from botocore.auth import SigV4Auth  # noqa: PLC0415 an extra
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415 an extra

        request = AWSRequest("POST", self._url, {"Content-Type": "text/xml"}, body)
        SigV4Auth(self._credentials.get_frozen_credentials(), *_SIGNED_FOR).add_auth(request)
        return PostRequest(self._url, body, dict(request.headers.items()))


def invalidation_batch(paths: tuple[str, ...], reference: str) -> bytes:
    """The body of a request. The same reference makes a repeated request harmless.

    Tags and these references have no character that XML escapes.
    """
    items = "".join(f"<Path>{path}</Path>" for path in paths)
    return (
        f'<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/{API_VERSION}/">'
        f"<Paths><Quantity>{len(paths)}</Quantity><Items>{items}</Items></Paths>"
        f"<CallerReference>{reference}</CallerReference></InvalidationBatch>"
    ).encode()


def _credentials() -> Credentials:
    """What botocore finds for this machine. Its errors may repeat what a file says."""
    try:
        from botocore.session import Session  # noqa: PLC0415 an extra
    except ImportError:
        hint = 'Install it: pip install "ssg[aws]"'
        raise PurgeError(Problem("CloudFront needs the package botocore", None, hint)) from None
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 an extra

    try:
        found = Session().get_credentials()
    except BotoCoreError as error:
        message = f"the credentials for AWS cannot be read: {type(error).__name__}"
        raise PurgeError(Problem(message, None, _KEYS_HINT)) from None
    if found is None:
        raise PurgeError(Problem("there are no credentials for AWS", None, _KEYS_HINT))
    return found
