from __future__ import annotations

from datetime import date

import pytest

from bot.service.reading import overview
from bot.service.reading.overview import Bin, Week
from bot.service.web import _charts
from bot.service.web._charts import HEIGHT
from tests.support.service.data import listed


def week(day: int, *grades: int, median: float | None = 80.0) -> Week:
    counts = (*grades, *(0,) * (6 - len(grades)))
    return Week(day=date(2026, 11, day), judged=sum(counts), median=median, grades=counts, findings=1, minutes=1)


def test_the_highest_column_fills_the_chart_and_none_leaves_it() -> None:
    bins = overview.distribution([listed(id=at, score=score) for at, score in enumerate((3.0, 92.0, 93.0, 100.0))])
    chart = _charts.distribution(bins)
    boxes = [box for column in chart.columns for box in column.boxes]
    assert min(float(box.y) for box in boxes) == 0
    assert all(float(box.y) + float(box.height) == pytest.approx(HEIGHT) for box in boxes)
    assert float(chart.columns[-1].x) + float(chart.columns[-1].width) < 100
    assert chart.says == "4 repositories have a score: 1 from 0 to 5, 2 from 90 to 95, 1 from 95 to 100."


def test_one_among_thousands_is_still_seen() -> None:
    chart = _charts.distribution([Bin(0, 5, "F", 1), Bin(95, 100, "A", 5000)])
    assert float(chart.columns[0].boxes[0].height) >= 3


def test_the_best_grades_lie_below() -> None:
    chart = _charts.trend([week(19, 1, 0, 1), week(26, 2, 2)])
    first, last = chart.columns
    assert [box.grade for box in first.boxes] == ["A", "C"]
    assert float(first.boxes[0].y) > float(first.boxes[1].y)
    assert last.text == "2026-11-26: 2 A, 2 B; median 80"
    assert float(last.top) == 0


def test_the_course_is_told_in_a_sentence() -> None:
    chart = _charts.trend([week(12, median=None), week(19, 1, median=71.2), week(26, 3, median=80.0)])
    assert chart.says == "The median went from 71.2 on 2026-11-19 to 80 on 2026-11-26, over 1 and then 3 repositories."
    assert chart.columns[0].text == "2026-11-12: nothing was judged yet"
    assert _charts.trend([week(26, 1)]).says == "Until 2026-11-26 nothing was judged; the median is 80 now."


def test_without_anything_there_is_something_to_say() -> None:
    assert _charts.trend([]).says == "Nothing was judged yet."
    assert _charts.distribution(overview.distribution([])).says == "No repository has a score yet."
