"""The shape of the tree: a stray file in a room would shadow the standard library's ``queue``."""

import queue
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("appliance", "drivers", "evaluator", "kiosk", "printer", "queue")


def test_queue_is_the_standard_library_s() -> None:
    assert Path(str(queue.__file__)).is_relative_to(sysconfig.get_path("stdlib"))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_holds_its_package_and_no_module_of_its_own(room: str) -> None:
    assert [p.name for p in (ROOT / room).glob("*.py")] == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_holds_no_tests(room: str) -> None:
    assert [p for p in (ROOT / room).rglob("*") if p.is_dir() and p.name == "tests"] == []


def test_a_thread_pool_works_from_the_root_of_the_tree() -> None:
    code = "import concurrent.futures as f; print(f.ThreadPoolExecutor(1).submit(int, '7').result())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "7\n"


def test_no_library_of_another_room_is_imported_with_the_rules() -> None:
    code = (
        "import sys, hallqueue.service, hallqueue.events, hallqueue.states, hallqueue.plan, hallqueue.errors;"
        "print([m for m in ('msgspec', 'sqlite3', 'textual', 'serial', 'PIL') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_constraints_name_no_index_and_no_host() -> None:
    text = (ROOT / "constraints.txt").read_text()
    assert "://" not in text
    assert "--" not in text
    assert "@" not in text
