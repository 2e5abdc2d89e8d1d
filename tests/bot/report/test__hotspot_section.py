from __future__ import annotations

from bot.report._hotspot_section import Table, spark, values
from bot.scorecard import FileSize

FILES = tuple(FileSize(path=f"{n}.py", lines=9, revisions=3, complexity=1, points=0) for n in range(305))


def test_a_small_chart_has_a_bar_for_each_month_with_anything_and_says_all_of_them() -> None:
    found = spark((0, 1, None, 200))
    assert found is not None
    assert found.path == "M6 20v-1h5V20M18 20v-20h5V20"
    assert (found.width, found.words) == (24, "0, 1, –, 200")
    assert spark((0, None)) is None
    assert spark(()) is None


def test_tables_hold_what_a_page_can_bear_and_say_how_much_more_there_is() -> None:
    found = values(
        functions=(),
        files=FILES,
        all_files=FILES,
        couplings=(),
        more_couplings=0,
        folders=(),
        history=None,
        step=20,
        most=300,
    )
    table = found["files"]
    assert isinstance(table, Table)
    assert (len(table.rows), table.step, table.more) == (300, 20, 5)
