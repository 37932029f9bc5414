"""A role with a screen logs beside it, whether a journal is there or not."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from hall.roles import log_beside_screen


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, as it was afterwards."""
    logger = logging.getLogger()
    handlers, level = list(logger.handlers), logger.level
    yield logger
    for handler in [handler for handler in logger.handlers if handler not in handlers]:
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(level)


def test_without_a_journal_nothing_is_said_on_the_picture_and_one_that_comes_is_used(
    root: logging.Logger, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    journal = tmp_path / "log"
    log_beside_screen(str(journal))
    logging.getLogger("hall.devices").warning("nobody hears this")
    assert capfd.readouterr() == ("", "")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(journal))
        heard.settimeout(10)
        logging.getLogger("hall.devices").warning("idcard is back")
        assert b"hall: WARNING hall.devices: idcard is back" in heard.recv(1000)
    journal.unlink()
    logging.getLogger("hall.devices").warning("nor this")
    assert capfd.readouterr() == ("", "")
