from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from bot.service.web._policy import SIGNING_IN, policy_of


@pytest.mark.parametrize("path", ["/-/sign-in", "/webhooks/github", "/setup", "/metrics"])
def test_a_line_end_after_a_path_changes_nothing_of_what_holds_for_it(path: str) -> None:
    assert policy_of(f"{path}\n") is policy_of(path)


def test_nobody_signs_in_more_often_by_writing_the_path_otherwise(client: TestClient) -> None:
    answers = [client.get("/-/sign-in%0a").status_code for _turn in range(int(SIGNING_IN.burst) + 1)]
    assert set(answers[:-1]) <= {303, 404}
    assert answers[-1] == 429
