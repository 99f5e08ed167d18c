#!/usr/bin/env python3
"""Milepost from a fresh checkout: makes .venv from the hash-pinned lock, then hands every word to `milepost`.

    python3 run.py demo     a lender with customers, served at http://localhost:8000
    python3 run.py test     everything the tests need, then all of them
    python3 run.py          what else there is

Standard library only. Uses uv where it is installed, else pip.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NEEDS_DEVELOPMENT = {"test", "check", "tour", "bench"}


def main(words: list[str]) -> int:
    if sys.version_info < (3, 11):
        print(f"Milepost needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    development = bool(words) and words[0] in NEEDS_DEVELOPMENT
    try:
        install(ROOT / ("requirements-dev.lock" if development else "requirements.lock"))
    except subprocess.CalledProcessError as error:
        print(f"Installing the libraries failed: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return 1
    os.chdir(ROOT)
    return os.execv(PYTHON, [str(PYTHON), "-m", "milepost", *words])


def install(lock: Path) -> None:
    """Bring .venv to what the lock says, unless a stamp shows that it is there already."""
    wanted = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
    # The development lock holds everything of the other one.
    stamps = {VENV / "installed-requirements-dev.lock", VENV / f"installed-{lock.name}"}
    if PYTHON.exists() and any(_stamped(stamp, lock, wanted) for stamp in stamps):
        return
    print(f"Installing the libraries of {lock.name} into .venv (once) …", file=sys.stderr, flush=True)
    for stamp in stamps:
        stamp.unlink(missing_ok=True)
    uv = shutil.which("uv")
    if not PYTHON.exists() or not (uv or any(VENV.glob("lib/python3*/site-packages/pip"))):  # uv makes it without pip
        shutil.rmtree(VENV, ignore_errors=True)
        make = [uv, "venv", "--quiet", "--python", sys.executable, VENV] if uv else [sys.executable, "-m", "venv", VENV]
        if subprocess.run(make, check=False).returncode:
            shutil.rmtree(VENV, ignore_errors=True)
            _venv_without_ensurepip()
    pip = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON] if uv else [
        PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
    ]  # fmt: skip
    subprocess.run([*pip, "--require-hashes", "--requirement", lock], check=True)
    for packages in VENV.glob("lib/python3*/site-packages"):
        (packages / "milepost-checkout.pth").write_text(f"{ROOT}\n")  # so that `milepost` is found from any folder
    _write_command()
    (VENV / f"installed-{lock.name}").write_text(_stamp(lock, wanted))


def _venv_without_ensurepip() -> None:
    """Debian's bare Python has venv without pip; virtualenv-style, borrow the pip that this Python can import."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", VENV], check=True)
    borrowed = "import runpy, sys; sys.argv[0] = 'pip'; runpy.run_module('pip', run_name='__main__')"
    target = next(VENV.glob("lib/python3*/site-packages"))
    subprocess.run([sys.executable, "-c", borrowed, "install", "--quiet", "--target", target, "pip"], check=True)


def _write_command() -> None:
    command = VENV / "bin" / "milepost"
    command.write_text(f"#!{PYTHON}\nfrom milepost.cli import main\n\nmain()\n")
    command.chmod(0o755)


def _stamp(lock: Path, wanted: str) -> str:
    return f"{lock.name} {wanted}\n"


def _stamped(stamp: Path, lock: Path, wanted: str) -> bool:
    if not stamp.exists():
        return False
    if stamp.name == f"installed-{lock.name}":
        return stamp.read_text() == _stamp(lock, wanted)
    larger = ROOT / "requirements-dev.lock"
    return stamp.read_text() == _stamp(larger, hashlib.sha256(larger.read_bytes() + sys.version.encode()).hexdigest())


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
