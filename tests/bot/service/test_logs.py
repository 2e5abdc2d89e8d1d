from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot.service import logs
from bot.service.logs import bound


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def written() -> io.StringIO:
    stream = io.StringIO()
    logs.configure(stream)
    return stream


def _lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_object_that_says_what_it_is_about(written: io.StringIO) -> None:
    with bound(delivery="d-1", repository=7, scan=None):
        structlog.get_logger("bot.x").info("scan done", seconds=1.5, name="a\nb")

    (line,) = _lines(written)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "scan done",
        "level": "info",
        "logger": "bot.x",
        "delivery": "d-1",
        "repository": 7,
        "seconds": 1.5,
        "name": "a\nb",
    }


def test_what_is_bound_ends_with_its_work(written: io.StringIO) -> None:
    with bound(scan="outer"):
        with bound(scan="inner"):
            structlog.get_logger().info("one")
        structlog.get_logger().info("two")
    structlog.get_logger().info("three")

    assert [line.get("scan") for line in _lines(written)] == ["inner", "outer", None]


def test_other_libraries_lines_are_written_the_same_way_and_with_the_same_context(written: io.StringIO) -> None:
    with bound(delivery="d-2"):
        logging.getLogger("somebody").warning("%s of %d", "one", 2)

    (line,) = _lines(written)
    assert (line["event"], line["logger"], line["level"], line["delivery"]) == (
        "one of 2",
        "somebody",
        "warning",
        "d-2",
    )


SECRETS = (
    "ghs_16C7e42F292c6912E7710c838347Ae178B4a",
    "github_pat_11ABCDEFG0123456789_abcdef",
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.c2lnbmF0dXJl",
    "hunter2-hunter2",
)


def test_no_secret_is_written_wherever_it_stands(written: io.StringIO) -> None:
    token, fine, signed, password = SECRETS
    log = structlog.get_logger()
    log.info("asked with %s", token, authorization=f"Bearer {password}", url=f"https://x:{password}@example.org/a")
    log.info("nested", headers={"Authorization": password, "x": [f"token {fine}"]}, client_secret=password)
    log.info("key", text=f"-----BEGIN RSA PRIVATE KEY-----\n{password}\n-----END RSA PRIVATE KEY-----", jwt=signed)
    logging.getLogger("urllib3").warning("Retrying %s", f"https://example.org/?access_token={password}")
    try:
        int(f"cannot use {token}")
    except ValueError:
        log.exception("failed")

    text = written.getvalue()
    assert len(_lines(written)) == 5
    assert "cannot use ***" in text
    for secret in SECRETS:
        assert secret not in text


def test_a_value_is_cut_where_no_line_should_be_that_long(written: io.StringIO) -> None:
    structlog.get_logger().info("big", body="x" * 100_000, deep=[[[[[[[["y" * 100_000]]]]]]]])

    assert len(written.getvalue()) < 20_000


def test_an_object_that_is_no_json_is_written_as_text_once_masked(written: io.StringIO) -> None:
    structlog.get_logger().info("odd", what=ValueError(SECRETS[0]))

    assert _lines(written)[0]["what"] == "***"


def test_talkative_libraries_are_heard_from_warnings_up(written: io.StringIO) -> None:
    logging.getLogger("alembic.runtime").info("Context impl SQLiteImpl.")
    logging.getLogger("alembic.runtime").warning("odd")
    structlog.get_logger().debug("not at this level")

    assert [line["event"] for line in _lines(written)] == ["odd"]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_a_line_is_for_people_and_cannot_move_the_cursor() -> None:
    stream = _Terminal()
    logs.configure(stream)
    with bound(repository=7):
        structlog.get_logger("bot.x").warning("scan failed", error="\x1b[2Jgone\nINFO forged")

    (line,) = stream.getvalue().splitlines()
    assert "warning  scan failed  " in line
    assert "repository=7" in line
    assert "\x1b" not in line


@pytest.mark.parametrize("shape", ["https://user:s3cr3t@h.com/a", "ghp_s3cr3ts3cr3ts3cr3t", "Bearer s3cr3t"])
def test_a_text_cut_in_the_middle_of_a_secret_tells_no_half_of_it(written: io.StringIO, shape: str) -> None:
    for kept in range(len(shape)):
        structlog.get_logger().info("x " * 4000 + shape if not kept else f"{'x' * (7999 - kept)} {shape}")

    assert "s3c" not in written.getvalue()
    assert all("more characters" in line["event"] for line in _lines(written))
