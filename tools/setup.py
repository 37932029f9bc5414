"""Set up the project's own Python environment: ``python3 tools/setup.py [demo|test|check]``.

Standard library only, because it runs before anything is installed. It makes ``.venv``, installs what
``pyproject.toml`` names at the versions of ``constraints.txt``, and remembers that it did. Where the
machine lacks a system package that everything needs it names the package and the exact command, and
stops; for one that a single device needs it says so and goes on without that device.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OLDEST = (3, 11)
EXTRAS = {"demo": "[pages]", "test": "[pages,test]", "check": "[pages,test,check]"}
WIDER = {"demo": ("demo", "test", "check"), "test": ("test", "check"), "check": ("check",)}
BUILD_TOOLS = ("hatchling", "editables")
KERNEL_HEADER = Path("/usr/include/linux/input.h")
SCANNER_PACKAGES = {"scanimage": "sane-utils", "airscan-discover": "sane-airscan"}
"""Command to the Debian package that has it: the tests scan with SANE's own test device, and over eSCL."""


def stop(zh: str, en: str, command: str) -> None:
    """Say what is missing and the command that mends it, and end with status 2."""
    again = "然后再运行一次。 Then run make again."
    print(f"\n缺少：{zh}\nMissing: {en}\n\n    {command}\n\n{again}", file=sys.stderr)
    raise SystemExit(2)


def say(zh: str, en: str) -> None:
    """Tell about something that the set-up goes on without."""
    print(f"{zh} / {en}", file=sys.stderr)


def check_python() -> None:
    """Refuse a Python that is too old or has no venv."""
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        stop(
            f"Python 3.11 或更新（现在是 {found}）",
            f"Python 3.11 or newer (this is {found})",
            "sudo apt-get install python3 python3-venv",
        )
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        stop("python3-venv", "the package python3-venv", "sudo apt-get install python3-venv")


def wanted(what: str) -> str:
    """A fingerprint of what has to be installed."""
    digest = hashlib.sha256(what.encode())
    for name in ("pyproject.toml", "constraints.txt", "tools/setup.py"):
        digest.update((ROOT / name).read_bytes())
    digest.update(sys.version.encode())
    return digest.hexdigest()


def stamp(what: str) -> Path:
    """Where it is remembered that ``what`` is installed."""
    return VENV / f"installed-{what}"


def is_done(what: str) -> bool:
    """Whether the environment already holds ``what``, or more."""
    return any(stamp(w).is_file() and stamp(w).read_text() == wanted(w) for w in WIDER[what])


def run(*command: str) -> None:
    """Run a command of the set-up; its own output explains a failure."""
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    if done.returncode:
        print(f"\n安装失败（见上）。 The set-up failed, see above: {' '.join(command)}", file=sys.stderr)
        raise SystemExit(2)


def attempt(*command: str) -> bool:
    """Run a command that may fail."""
    environ = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True)
    return done.returncode == 0


def install(what: str) -> None:
    """Make the environment and install into it."""
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "-c", "constraints.txt"]
    if not (VENV / "bin" / "python").exists():
        print("正在准备运行环境（第一次约两分钟）… Preparing (some minutes, only once) …", file=sys.stderr)
        shutil.rmtree(VENV, ignore_errors=True)
        run(sys.executable, "-m", "venv", str(VENV))
    else:
        print("正在更新运行环境… Updating the environment …", file=sys.stderr)
    run(*pip, *BUILD_TOOLS)
    run(*pip, "--no-build-isolation", "--editable", f".{EXTRAS[what]}")
    install_keyboards(pip)
    if what != "demo":
        install_scanners()
    stamp(what).write_text(wanted(what))


def install_keyboards(pip: list[str]) -> None:
    """evdev, where this machine can build it; devices that type need it, the demo's do not."""
    can_build = KERNEL_HEADER.exists() and any(map(shutil.which, ("cc", "gcc", "clang")))
    if not (can_build and attempt(*pip, "--editable", ".[hid]", "--no-build-isolation")):
        say(
            "没有C编译器或内核头文件，跳过evdev（键盘式扫码枪、小键盘需要它）："
            "sudo apt-get install gcc python3-dev linux-libc-dev",
            "no C compiler or kernel headers: evdev is left out (devices that type like a keyboard need it)",
        )


def install_scanners() -> None:
    """SANE's tools for the tests, where this user may install packages; else the tests say that they skip."""
    missing = [package for command, package in SCANNER_PACKAGES.items() if not shutil.which(command)]
    if not missing:
        return
    apt = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        if attempt(*apt) or (attempt("apt-get", "update", "-qq") and attempt(*apt)):
            return
    say(
        f"没有 {'、'.join(missing)}，扫描仪的测试会跳过：sudo apt-get install {' '.join(missing)}",
        "without these packages the tests of scanners are skipped",
    )


def main(argv: list[str]) -> None:
    """Do what is still to be done for ``demo``, ``test`` or ``check``."""
    what = argv[0] if argv else "demo"
    check_python()
    if not is_done(what):
        install(what)


if __name__ == "__main__":
    main(sys.argv[1:])
