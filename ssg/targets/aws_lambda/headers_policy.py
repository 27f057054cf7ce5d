"""The headers of files in the bucket that CloudFront adds: a response headers policy.

Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html.
Headers for security have fields of their own, and may not be custom headers.
"""

from __future__ import annotations

from typing import Any

from ssg.redirects.rule import NameValuePairs

DEFAULTS: NameValuePairs = (
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("x-content-type-options", "nosniff"),
)
"""Headers of every answer for which the site says nothing."""

_REFERRER = frozenset(
    {
        "no-referrer",
        "no-referrer-when-downgrade",
        "origin",
        "origin-when-cross-origin",
        "same-origin",
        "strict-origin",
        "strict-origin-when-cross-origin",
        "unsafe-url",
    }
)
_FRAME = frozenset({"DENY", "SAMEORIGIN"})
_NEVER = frozenset(
    {
        "cache-tag",
        "etag",
        "last-modified",
        "set-cookie",
        "strict-transport-security",
        "vary",
        "x-xss-protection",
    }
)
"""Headers that a policy says in another way, or not at all."""
_NEVER_BEGINNING = ("access-control-", "cloudfront-", "x-amz-", "x-amzn-", "x-cache", "x-edge-")


def is_expressible(headers: NameValuePairs) -> bool:
    """Whether a policy can say these headers as they are."""
    return all(_is_expressible(name, value) for name, value in headers)


def _is_expressible(name: str, value: str) -> bool:
    if name == "referrer-policy":
        return value in _REFERRER
    if name == "x-frame-options":
        return value in _FRAME
    if name == "x-content-type-options":
        return value == "nosniff"
    return name not in _NEVER and not name.startswith(_NEVER_BEGINNING)


def headers_policy(headers: NameValuePairs, name: str) -> dict[str, Any]:
    """A resource of the template. What the origin says counts more."""
    values = {**dict(DEFAULTS), **dict(headers)}
    security: dict[str, Any] = {}
    if values.pop("x-content-type-options", ""):
        security["ContentTypeOptions"] = {"Override": True}
    if referrer := values.pop("referrer-policy", ""):
        security["ReferrerPolicy"] = {"ReferrerPolicy": referrer, "Override": False}
    if frame := values.pop("x-frame-options", ""):
        security["FrameOptions"] = {"FrameOption": frame, "Override": False}
    if csp := values.pop("content-security-policy", ""):
        security["ContentSecurityPolicy"] = {"ContentSecurityPolicy": csp, "Override": False}
    custom = [{"Header": one, "Value": text, "Override": False} for one, text in values.items()]
    config: dict[str, Any] = {
        "Name": {"Fn::Sub": f"${{AWS::StackName}}-{name}"},
        "SecurityHeadersConfig": security,
    }
    if custom:
        config["CustomHeadersConfig"] = {"Items": custom}
    return {
        "Type": "AWS::CloudFront::ResponseHeadersPolicy",
        "Properties": {"ResponseHeadersPolicyConfig": config},
    }
