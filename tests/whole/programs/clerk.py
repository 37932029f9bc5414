"""A window: ``clerk.py SOCKET DIARY WINDOW PAUSE_S UNTIL``.

It calls, recalls, passes, starts, holds, resumes, finishes and asks for reprints, by what its screen
shows. UNTIL is a file: once that exists and nobody waits any more, the clerk goes home; ``-`` never.
"""

import random
import sys
import time
from pathlib import Path

from diary import Diary, hall_for

from hallqueue.views import WindowView

CALLED = (("start", 80), ("recall", 10), ("pass_ticket", 6), ("reprint", 4))
SERVING = (("finish", 85), ("hold", 15))


def step(diary: Diary, window: WindowView, calm: bool) -> bool:
    """One thing; False when there was nothing to do."""
    number, current = window.number, window.current
    if window.state != "open":
        diary.ask("open_window", window=number, clerk=f"clerk {number}")
    elif current is None and window.held and random.random() < 0.5:
        diary.ask("resume", window=number, ticket=window.held[0].ticket, expect=0)
    elif current is None:
        return diary.ask("call_next", window=number, expect=0) is not None
    else:
        choices = CALLED if current.state == "called" else SERVING
        verb = random.choices([name for name, _ in choices], [weight for _, weight in choices])[0]
        if calm and verb in ("hold", "reprint", "pass_ticket", "recall"):
            verb = "start" if current.state == "called" else "finish"
        if verb == "reprint":
            diary.ask("reprint", ticket=current.ticket)
        else:
            diary.ask(verb, window=number, expect=current.ticket)
    return True


def main() -> None:
    number, pause_s = int(sys.argv[3]), float(sys.argv[4])
    until = None if sys.argv[5] == "-" else Path(sys.argv[5])
    with hall_for("window", number) as hall:
        diary = Diary(Path(sys.argv[2]), hall)
        diary.repeat_unanswered()
        while True:
            is_last = until is not None and until.exists()
            window = next(w for w in hall.snapshot().windows if w.number == number)
            if not step(diary, window, calm=until is not None):
                if is_last:
                    return
                time.sleep(0.01)
            time.sleep(pause_s)


main()
