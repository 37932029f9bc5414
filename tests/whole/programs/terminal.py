"""A citizen terminal: ``terminal.py SOCKET DIARY SERVICES COUNT PAUSE_S``. COUNT 0 goes on until killed.

Some touches are double; paper is asked for while the line at the printer is short.
"""

import random
import sys
import time
from pathlib import Path

from diary import Diary, hall_for

LINE_AT_PRINTER = 4


def main() -> None:
    services, count, pause_s = sys.argv[3].split(","), int(sys.argv[4]), float(sys.argv[5])
    with hall_for("terminal") as hall:
        diary = Diary(Path(sys.argv[2]), hall)
        diary.repeat_unanswered()
        issued = sum("got" in line for line in diary.lines)
        while not count or issued < count:
            paper = not count and len(hall.print_queue()) < LINE_AT_PRINTER
            if diary.ask("issue", service=random.choice(services), paper=paper) is not None:
                issued += 1
            if random.random() < 0.1:
                diary.repeat_last()
            time.sleep(pause_s)


main()
