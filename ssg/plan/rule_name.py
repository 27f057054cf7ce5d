"""The name of a rule in reasons."""

from __future__ import annotations

from ssg.model.settings import DeferRule


def rule_name(rule: DeferRule, number: int) -> str:
    """`rule 2 (match "blog/**", older than 30d)`."""
    words = [f'match "{rule.match}"'] if rule.match else []
    words += [f'kind "{rule.kind}"'] if rule.kind else []
    words += [f'language "{rule.language}"'] if rule.language else []
    words += [f"older than {rule.older_than_days}d"] if rule.older_than_days is not None else []
    return f"rule {number} ({', '.join(words)})"
