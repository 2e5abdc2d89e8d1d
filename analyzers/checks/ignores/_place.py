"""What both rules about ignores say of one."""

from __future__ import annotations

from analyzers.model.discovery import modules
from analyzers.model.finding import Confidence, Finding, Group, Rule, Subject
from analyzers.model.inventory import Ignore
from analyzers.model.subject import SubjectKey


def finding(rule: Rule, ignore: Ignore, *, title: str, message: str, confidence: Confidence) -> Finding:
    """Return the finding at the ignore's place, in the group of the rule that it names."""
    return rule.finding(
        ignore.place,
        group=_group_of(ignore.rules, rule.group),
        confidence=confidence,
        title=title,
        message=message,
        subject=Subject(ecosystem="file", name=ignore.place.path),
        key=SubjectKey("file", ignore.place.path),
        identity=f"{','.join(ignore.rules)}|{ignore.reason}",
    )


def _group_of(rules: tuple[str, ...], otherwise: Group) -> Group:
    for module in modules("analyzers.checks", states="RULE"):
        stated: Rule = module.RULE
        if stated.id in rules:
            return stated.group
    return otherwise
