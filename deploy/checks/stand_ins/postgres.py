"""Starts PostgreSQL as the official image does: data made the first time, then the server as its own account."""

import os
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DATA = Path("/var/lib/postgresql/18/docker")
ACCOUNT = pwd.getpwnam("postgres")
ACCESS = "\n# as the official image's POSTGRES_HOST_AUTH_METHOD\nhost all all all {method}\n"


def become_the_account() -> None:
    """Give up root."""
    os.setgroups([])
    os.setgid(ACCOUNT.pw_gid)
    os.setuid(ACCOUNT.pw_uid)


def make_data(password: str) -> None:
    """Make the data directory, beside its place, and move it there whole."""
    unfinished = DATA.with_name("docker.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.write(password)
        file.flush()
        asked = shlex.split(os.environ.get("POSTGRES_INITDB_ARGS", ""))
        command = ["initdb", f"--pgdata={unfinished}", "--username=postgres", f"--pwfile={file.name}", *asked]
        subprocess.run(command, check=True)  # noqa: S603 - a program of the wheel with arguments of the stack
    with (unfinished / "pg_hba.conf").open("a", encoding="utf-8") as access:
        access.write(ACCESS.format(method=os.environ.get("POSTGRES_HOST_AUTH_METHOD", "scram-sha-256")))
    unfinished.rename(DATA)


def main(arguments: list[str]) -> None:
    """Become the server."""
    password = Path(os.environ["POSTGRES_PASSWORD_FILE"]).read_text(encoding="utf-8").strip()
    DATA.parent.mkdir(parents=True, exist_ok=True)
    os.chown(DATA.parent, ACCOUNT.pw_uid, ACCOUNT.pw_gid)
    become_the_account()
    if not DATA.exists():
        make_data(password)
    sockets = tempfile.mkdtemp()
    os.execvp(  # noqa: S606 - becoming it is the point
        arguments[0],
        [*arguments, "-D", str(DATA), "-clisten_addresses=*", f"-cunix_socket_directories={sockets}"],
    )


if __name__ == "__main__":
    main(sys.argv[1:])
