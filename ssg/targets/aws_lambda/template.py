"""Writes `template.yaml`, which makes all that a site needs at AWS: a template of SAM.

Values that depend on the site are JSON, which is YAML, too. Sources:
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html
and https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_CloudFront.html.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ssg.model.images.variant import VARIANTS_PATH
from ssg.redirects.matching.roles import COOKIE
from ssg.redirects.rule import NameValuePairs, RedirectRule
from ssg.targets.aws_lambda.capabilities import LAMBDA
from ssg.targets.aws_lambda.headers_policy import headers_policy
from ssg.targets.aws_lambda.variables import SiteVariable
from ssg.targets.aws_lambda.wheels import Machine

TEMPLATE = Path(__file__).with_name("template.yaml")
OWN_FOLDER = "/_ssg/*"
"""Files of ssg's own, such as the tag table, which are all in the bucket."""
_ROLES, _ENVIRONMENT = "#roles ", "#environment "
"""How lines begin that only a site with rules for roles, or with variables, needs."""


@dataclass(frozen=True, slots=True)
class CacheKey:
    """What of a request is part of the cache key, beside path and query."""

    headers: Sequence[str] = ()
    cookies: Sequence[str] = ()

    @classmethod
    def of(cls, rules: Sequence[RedirectRule]) -> CacheKey:
        """What the conditions of rules ask for."""
        conditions = [rule.conditions for rule in rules]
        countries = any(one.countries for one in conditions)
        languages = any(one.languages for one in conditions)
        cookies = {name for one in conditions for name in one.cookies}
        cookies |= {"nf_country"} if countries else set()
        cookies |= {"nf_lang"} if languages else set()
        cookies |= {COOKIE} if has_roles(rules) else set()
        headers = ["CloudFront-Viewer-Country"] * countries + ["Accept-Language"] * languages
        return cls(headers, sorted(cookies))


def has_roles(rules: Sequence[RedirectRule]) -> bool:
    """Whether a rule is for roles."""
    return any(rule.conditions.roles for rule in rules)


def template(
    machine: Machine,
    rules: Sequence[RedirectRule],
    policies: Mapping[str, NameValuePairs],
    viewer_code: str,
    *,
    bucket_has_own: bool,
    has_images: bool = False,
    variables: Sequence[SiteVariable] = (),
) -> str:
    """The template of a site. `policies` are the headers of files in the bucket, by suffix."""
    names = {
        others: f"Files{number}"
        for number, others in enumerate(dict.fromkeys(policies.values()), 1)
    }
    patterns = [(f"{VARIANTS_PATH}*", "Pages")] if has_images else []
    patterns += [(f"*{suffix}", names[others]) for suffix, others in sorted(policies.items())]
    patterns += [(OWN_FOLDER, "Pages")] if bucket_has_own else []
    resources = {
        f"{name}Headers": headers_policy(others, name.lower()) for others, name in names.items()
    }
    resources["PagesHeaders"] = headers_policy((), "pages")
    roles = has_roles(rules)
    environment = {one.name: {"Ref": one.parameter} for one in variables}
    environment |= {"SSG_JWT_SECRET": {"Ref": "JwtSecret"}} if roles else {}
    values: dict[str, Any] = {
        "runtime": f"python{machine.python}",
        "architecture": machine.architecture,
        "seconds": int(LAMBDA.seconds or 0),
        "environment": environment,
        "code": viewer_code,
        "headers": _listed("Header", "Headers", CacheKey.of(rules).headers),
        "cookies": _listed("Cookie", "Cookies", CacheKey.of(rules).cookies),
        "behaviors": [_behavior(*pattern) for pattern in patterns],
    }
    text = _template_text({_ROLES: roles, _ENVIRONMENT: bool(environment)})
    for name, value in values.items():
        text = text.replace(f"@{name}@", _json(value))
    lines = (f"  {name}: {_json(one)}\n" for name, one in sorted(resources.items()))
    parameters = (f"  {one.parameter}: {_json(one.declaration)}\n" for one in variables)
    text = text.replace("@parameters@\n", "".join(parameters))
    return text.replace("@resources@\n", "".join(lines) + "\n")


def _template_text(needed: Mapping[str, bool]) -> str:
    """The template with the lines that are needed, by how they begin."""
    text = TEMPLATE.read_text("utf-8")
    for begin, is_needed in needed.items():
        lines = text.splitlines(keepends=True)
        kept = (line for line in lines if is_needed or not line.startswith(begin))
        text = "".join(line.removeprefix(begin) for line in kept)
    return text


def _listed(word: str, plural: str, names: Sequence[str]) -> dict[str, Any]:
    if not names:
        return {f"{word}Behavior": "none"}
    return {f"{word}Behavior": "whitelist", plural: list(names)}


def _behavior(pattern: str, headers: str) -> dict[str, Any]:
    """Asks the bucket first, and the function for what the bucket lacks."""
    return {
        "PathPattern": pattern,
        "TargetOriginId": "bucket-then-function",
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": ["GET", "HEAD"],
        "Compress": True,
        "CachePolicyId": {"Ref": "PagesCache"},
        "ResponseHeadersPolicyId": {"Ref": f"{headers}Headers"},
        "FunctionAssociations": [
            {
                "EventType": "viewer-request",
                "FunctionARN": {"Fn::GetAtt": ["ViewerRequest", "FunctionARN"]},
            }
        ],
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
