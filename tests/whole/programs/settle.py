"""A client's last life: ``settle.py SOCKET DIARY ROLE WINDOW`` asks what stayed unanswered, and ends."""

import sys
from pathlib import Path

from diary import Diary, hall_for

with hall_for(sys.argv[3], int(sys.argv[4])) as hall:
    Diary(Path(sys.argv[2]), hall).repeat_unanswered()
