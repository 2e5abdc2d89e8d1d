"""What happens to work when another version of debtscan takes over, or comes back."""

from __future__ import annotations

import msgspec
import pytest
import sqlalchemy as sa

from bot.service.engine.work import Work
from tests.support.service.forge import Forge
from tests.support.service.processes import Smalls
from tests.support.service.small import Spec
from tests.support.waiting import wait_for


def test_a_new_version_begins_anew_what_the_old_one_left(
    engine: sa.Engine, forge: Forge, processes: Smalls, spec: Spec
) -> None:
    """The steps of the two have other names, so what the old one kept means nothing to the new one."""
    work = Work(engine)
    for name in ("begun", "made", "waits"):
        work.enqueue("round", {"repository": name}, id=name, queue="scans", key="7")
    forge.hold("between begun")
    forge.hold("after-make made")
    old = processes.start("work", msgspec.structs.replace(spec, version="1", jobs=2, share=2, grace=0.0))
    before = old.first_line()
    forge.await_at("between begun")
    forge.await_at("after-make made")
    old.kill()
    forge.release("between begun")
    forge.release("after-make made")
    after = processes.start("work", msgspec.structs.replace(spec, version="2")).first_line()
    wait_for(lambda: not work.depth(), "all workflows")
    assert sorted(forge.made) == [("begun", after), ("made", before), ("waits", after)]
    assert [who for point, who in forge.reached if point == "in-prepare begun"] == [before, after]


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_while_two_versions_run_the_new_one_takes_what_comes_and_the_old_one_when_it_is_alone(
    engine: sa.Engine, forge: Forge, processes: Smalls, spec: Spec
) -> None:
    work = Work(engine)
    old = processes.start("work", msgspec.structs.replace(spec, version="1")).first_line()
    new = processes.start("work", msgspec.structs.replace(spec, version="2"))
    newer = new.first_line()
    for number in range(4):
        work.enqueue("round", {"repository": f"both-{number}"}, id=f"b{number}", queue="scans", key="7")
    wait_for(lambda: not work.depth(), "what came while both ran")
    assert {who for _name, who in forge.made} == {newer}
    assert new.terminate() == 0
    work.enqueue("round", {"repository": "later"}, id="later", queue="scans", key="7")
    wait_for(lambda: not work.depth(), "what came after that")
    assert forge.made[-1] == ("later", old)
