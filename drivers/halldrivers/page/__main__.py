"""One page, from stdin to stdout: ``python -P -m halldrivers.page`` (:mod:`.wire` has the form).

The limits on time and memory are set from outside, by :class:`~.work.PageWork`.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import BinaryIO

from halldrivers.page.develop import develop
from halldrivers.page.errors import PageTooBig, PictureUnreadable
from halldrivers.page.wire import MOST_HEAD_BYTES, Answer, ToldError, decode_request, encode_head


def main(source: BinaryIO, target: BinaryIO) -> None:
    """Answer one request; a program error ends the process with a traceback and no answer."""
    request = decode_request(source.readline(MOST_HEAD_BYTES))
    original = source.read(request.bytes)
    derived = b""
    try:
        with_finder = _has_finder()
        report, derived = develop(original, request.order, request.limits, with_finder=with_finder)
        answer = Answer(len(derived), report)
    except (PictureUnreadable, PageTooBig) as error:
        answer = Answer(0, error=ToldError(error.code, error.detail, error.detail_zh))
    except MemoryError:
        answer = Answer(0, error=ToldError(PageTooBig.code, "", ""))
    target.write(encode_head(answer) + derived)
    target.flush()


def _has_finder() -> bool:
    """Whether OpenCV can be used; PageTooBig when only memory is missing for it."""
    try:
        for library in ("numpy", "cv2"):  # in this order: cv2 hides why it could not import numpy
            importlib.import_module(library)
    except ImportError as error:
        if "failed to map segment" in str(error) or "allocate memory" in str(error):  # the dynamic loader's
            raise PageTooBig from error
        return False
    return True


def _answer_alone() -> BinaryIO:
    """The standard output for the answer alone: libraries print their complaints there too."""
    target = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return target


if __name__ == "__main__":
    main(sys.stdin.buffer, _answer_alone())
