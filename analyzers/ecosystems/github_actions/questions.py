"""What to ask about actions, and how far composite ones are followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzers.ecosystems.github_actions.uses import (
    Action,
    action_of,
    definition_question,
    parse,
    refs_question,
    repository_question,
)
from analyzers.model.facts import ActionDefinition, Facts, Known
from analyzers.model.inventory import Inventory
from analyzers.model.question import Question

# How far composite actions are followed, and how many actions in all: a circle of them must end.
MAX_DEPTH = 5
MAX_FOLLOWED = 500


def questions(inventory: Inventory, facts: Facts) -> Iterator[Question]:
    """Name what to ask of every action, and the definitions of those that composite actions call in turn."""
    actions = list(dict.fromkeys(filter(None, map(action_of, inventory.dependencies))))
    for action in actions:
        yield refs_question(action)
        yield repository_question(action)
    yield from _definitions(actions, facts)


def _definitions(actions: Iterable[Action], facts: Facts) -> Iterator[Question]:
    asked = dict.fromkeys(definition_question(action) for action in actions if not action.is_workflow)
    yield from asked
    latest = list(asked)
    for _ in range(MAX_DEPTH):
        called = (nested for question in latest for nested in called_by(question, facts))
        latest = [question for question in dict.fromkeys(called) if question not in asked]
        latest = latest[: max(0, MAX_FOLLOWED - len(asked))]
        asked.update(dict.fromkeys(latest))
        yield from latest


def called_by(question: Question, facts: Facts) -> Iterator[Question]:
    """Yield the definitions that the composite action of an answered question calls; nothing for any other."""
    answer = facts.get(question)
    if not isinstance(answer, Known) or not isinstance(answer.value, ActionDefinition):
        return
    for text in answer.value.uses:
        action = parse(text)
        if action and action.ref:
            yield definition_question(action)
