#!/usr/bin/env python3
"""The door of this repository: python3 dev.py VERB [ARGUMENTS…]

run      open the program on a demonstration branch, with a centre of its own
day      let a scripted clerk work a day in the window, a picture of each step
test     everything that CI runs; with arguments, only pytest with those
check    linters, types and import contracts
bench    measure; also --rivals, hell, floor, monday
accuracy say how often guesses are right, on labelled sets
soak     tell many histories of offices and centre: SEEDS=n FROM=s; see tests/simulation
bundle   build the program folder in build/bundle
windows  build the program of Windows and its installer in build/windows (on Linux: with Wine)
test-windows  install that program, work a day with it, upgrade and remove it
lock     write both lock files anew from pyproject.toml

Each verb first sees to its own set-up: system libraries (Linux), the virtual environment .venv,
and the locked dependencies. It needs Python 3.11 to 3.13 with pip, and nothing else.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from subprocess import DEVNULL

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCK = ROOT / "requirements.lock"
WINDOWS_LOCK = ROOT / "requirements-windows.lock"
STAMP = VENV / "ready"
LINUX = sys.platform.startswith("linux")

# Library that Qt opens -> Debian package that holds it.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
WITH_QT = ("run", "day", "test", "bench", "bundle", "windows", "test-windows")
WITH_SCREEN = ("run", "day", "test", "bench")
WITH_BUNDLER = ("test", "bundle")
WITH_PROXY = ("test",)
ON_WINDOWS = ("windows", "test-windows")

# Tool that building for Windows on Linux calls -> Debian package that holds it.
WINE_TOOLS = {
    "Xvfb": "xvfb",
    "import": "imagemagick",
    "makensis": "nsis",
    "osslsigncode": "osslsigncode",
    "wine": "wine wine64",
    "x86_64-w64-mingw32-gcc": "gcc-mingw-w64-x86-64-win32",
    "xclip": "xclip",
    "xdotool": "xdotool",
}


def say(*words: str) -> None:
    print("[dev]", *words, flush=True)


def call(*command: str | Path, env: dict[str, str] | None = None) -> int:
    return subprocess.call([str(word) for word in command], cwd=ROOT, env=env)


def has(tool: str) -> bool:
    beside = os.environ.get("PATH", "") + os.pathsep + "/usr/sbin"
    return shutil.which(tool, path=beside) is not None


def can_open(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_screen() -> bool:
    return not LINUX or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def missing_packages(verb: str) -> list[str]:
    """Debian packages that the verb needs and this machine lacks."""
    missing = []
    if verb in WITH_QT:
        missing += [pkg for library, pkg in QT_LIBRARIES.items() if not can_open(library)]
    if verb in WITH_SCREEN and not has_screen():
        missing += [pkg for tool, pkg in (("Xvfb", "xvfb"), ("xauth", "xauth")) if not has(tool)]
    if verb in WITH_PROXY and not has("nginx"):
        missing.append("nginx")
    if verb in ON_WINDOWS:
        for tool, packages in WINE_TOOLS.items():
            missing += [] if has(tool) else packages.split()
    if verb in WITH_BUNDLER:
        missing += [] if has("objcopy") and has("strip") else ["binutils"]
        # Debian's python3 is linked without the shared library that a bundle has to carry.
        shared = f"libpython{sysconfig.get_python_version()}"
        if sys.base_prefix == "/usr" and not can_open(f"{shared}.so.1.0"):
            missing.append(shared)
    return missing


def prepare_system(verb: str) -> None:
    missing = missing_packages(verb) if LINUX else []
    if not missing:
        return
    install = " ".join(["apt-get install -y --no-install-recommends", *missing])
    if not has("apt-get"):
        sys.exit("This system has no apt-get. Install what Debian calls: " + " ".join(missing))
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if as_root and (not has("sudo") or subprocess.call(["sudo", "-n", "true"], stderr=DEVNULL)):
        sys.exit(f"Some system packages are missing. As root, run:\n  apt-get update && {install}")
    say("installing system packages:", *missing)
    silently = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive"]
    subprocess.call([*silently, "apt-get", "update", "-qq"], stdout=DEVNULL)
    if subprocess.call([*silently, *install.split(), "-qq", "-o=Dpkg::Use-Pty=0"], stdout=DEVNULL):
        sys.exit(f"apt-get could not install them. As root, try:\n  {install}")


def prepare_python() -> None:
    """Make .venv hold what requirements.lock says, byte for byte."""
    version = sys.version.split()[0]
    wanted = f"{version} {hashlib.sha256(LOCK.read_bytes()).hexdigest()}\n"
    present = STAMP.read_text("utf-8") if STAMP.exists() else ""
    if present == wanted:
        return
    # Inside .venv there may be no pip, so the Python that made it does the work.
    base = getattr(sys, "_base_executable", sys.executable)
    if subprocess.call([base, "-m", "pip", "--version"], stdout=DEVNULL, stderr=DEVNULL):
        sys.exit("This Python has no pip. On Debian, as root: apt-get install -y python3-pip")
    if not present.startswith(version + " "):
        say("creating the virtual environment", VENV.name)
        # Without pip inside, because Debian keeps what that needs in a package of its own.
        venv.EnvBuilder(with_pip=False, clear=True, symlinks=os.name != "nt").create(VENV)
    say("installing the locked dependencies (some 200 MB the first time)")
    options = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--no-input"]
    options += ["--disable-pip-version-check", "--root-user-action=ignore"]
    options += [] if sys.stdout.isatty() else ["--quiet"]
    if call(base, "-m", "pip", "--python", PYTHON, "install", *options, "-r", LOCK):
        sys.exit("pip could not install them; what it said stands above. Then run this again.")
    STAMP.write_text(wanted, "utf-8")


def check(arguments: list[str], env: dict[str, str]) -> int:
    """Run every linter even after one has spoken; 1 when any has."""
    linters: dict[str, list[str | Path]] = {
        "ruff": [PYTHON, "-m", "ruff", "check", *arguments],
        "ruff format": [PYTHON, "-m", "ruff", "format", "--check", *arguments],
        "mypy": [PYTHON, "-m", "mypy", *arguments],
        "import contracts": [BIN / "lint-imports", "--no-logo"],
    }
    failed = []
    for name, command in linters.items():
        say(name)
        failed += [name] if call(*command, env=env) else []
    if failed:
        say("not clean:", ", ".join(failed))
    return int(bool(failed))


def test(arguments: list[str], env: dict[str, str]) -> int:
    unclean = 0 if arguments else check([], env)
    options = arguments or ["-q", "--numprocesses=2", "--dist=loadfile"]
    return call(PYTHON, "-m", "pytest", *options, env=env) or unclean


def bundle(arguments: list[str], env: dict[str, str]) -> int:
    options = ["--noconfirm", "--log-level=WARN", *arguments]
    options += ["--distpath=build/bundle", "--workpath=build/bundle-work"]
    failed = call(PYTHON, "-m", "PyInstaller", *options, "build.spec", env=env)
    if not failed:
        say("the program stands in", str(Path("build", "bundle", "vla-desktop")))
    return failed


def lock(arguments: list[str], env: dict[str, str]) -> int:
    """Write both lock files: for whoever develops, and for the program folder of Windows."""
    common = ["--python-version=3.11", "--generate-hashes", "--no-emit-index-url", "--quiet"]
    common += ["--custom-compile-command=python3 dev.py lock", *arguments, "pyproject.toml"]
    everywhere = ["--universal", "--all-extras", "-o", LOCK.name]
    windows = ["--python-platform=windows", "--extra=desktop", "--extra=bundle"]
    windows += ["-o", WINDOWS_LOCK.name]
    compile_lock: list[str | Path] = [PYTHON, "-m", "uv", "pip", "compile", *common]
    return call(*compile_lock, *everywhere, env=env) or call(*compile_lock, *windows, env=env)


def main() -> int:
    verb, *arguments = sys.argv[1:] or [""]
    if not (3, 11) <= sys.version_info[:2] < (3, 14):
        sys.exit("Python 3.11, 3.12 or 3.13 is needed; this is " + sys.version.split()[0])
    own = {"test": test, "check": check, "bundle": bundle, "lock": lock}
    handed = {"run": "vla_desktop.demo", "day": "vla_desktop.demo", "bench": "tests.bench"}
    handed |= {"soak": "tests.simulation", "accuracy": "tests.accuracy"}
    handed |= dict.fromkeys(ON_WINDOWS, "tests.windows")
    if verb not in own and verb not in handed:
        print(__doc__)
        return 0 if verb in ("-h", "--help") else 2
    prepare_system(verb)
    prepare_python()
    env = dict(os.environ, PYTHONUTF8="1")
    if verb in ("test", "bench") and not has_screen():
        env.setdefault("QT_QPA_PLATFORM", "offscreen")
    if verb in own:
        return own[verb](arguments, env)
    words = arguments if verb in ("bench", "soak", "accuracy") else [verb, *arguments]
    return call(PYTHON, "-m", handed[verb], *words, env=env)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
