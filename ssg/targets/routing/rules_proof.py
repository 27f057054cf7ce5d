"""The proof that the redirect rules of a build lead where they should."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from ssg.model.errors import Problem
from ssg.redirects.proof.prove import prove_routing
from ssg.redirects.proof.prove_live import prove_live
from ssg.targets.routing.image_rules import PICTURES
from ssg.targets.target import EmitContext, EmitResult, HostRules


def proven(context: EmitContext, routes: HostRules, paths: list[str]) -> EmitResult:
    """The rules for live pages and the deferred pages at `paths`, with the problems of the site.

    What the last build has proven is not proven again.
    """
    proof = _digest(routes, paths, context.files)
    is_known = proof == context.proof
    faults: list[Problem] = []
    if not is_known:
        faults += prove_routing(routes.rules, routes.to_function, paths, context.files)
        faults += prove_live(routes.rules, routes.live)
        faults += prove_live(routes.rules, routes.images, PICTURES)
    return EmitResult(routes=routes, problems=(*routes.problems, *faults), proof=proof)


def _digest(routes: HostRules, paths: Iterable[str], files: Iterable[str]) -> str:
    """A digest of the rules and of the pages and files that they were proven for."""
    rules = (routes.rules, routes.covering, routes.live, routes.images)
    digest = hashlib.blake2b(repr(rules).encode(), digest_size=16)
    digest.update("\0".join((*paths, "", *sorted(files))).encode())
    return digest.hexdigest()
