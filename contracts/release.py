"""`python -m contracts.release VERSION`: keep the contracts of today as the ones that later changes are held against.

`contracts/released/<version>/` gets a copy of the topic files and the schemas; `contracts/released/RELEASE` names it.
The folder is whole before the name is switched: a release that is cut short leaves the old one or the new one, and
running it again finishes the rest or says what to do.
"""

import argparse
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from contracts.catalogue import ROOT
from contracts.compatibility.check import compatibility, releasable
from contracts.compatibility.contract_set import RELEASED_DIRECTORY, load_contracts, load_released, released_version
from contracts.generate import refuse_stale, write, write_generated

_COPIED = ("topics/*.yaml", "schemas/*.json")


class ReleaseRefusedError(ValueError):
    """The contracts may not be released as they are, or not under that version."""


def release(version: str) -> None:
    """Keep the current contracts as released.

    Args:
        version: `X.Y.Z`, higher than the released one; the same again where nothing changed since.

    Raises:
        ReleaseRefusedError: the version is no higher, or a change breaks what was released.
        ValueError: a generated file is stale, or a file is malformed.
    """
    _check_version(version)
    refuse_stale()
    findings = compatibility(load_released(), load_contracts(ROOT))
    if not releasable(findings):
        told = "\n".join(str(finding) for finding in findings if not releasable([finding]))
        raise ReleaseRefusedError(f"nothing was released:\n{told}\nsee docs/contracts.md")
    if version != released_version():
        _copy(RELEASED_DIRECTORY / version)
        write(RELEASED_DIRECTORY / "RELEASE", f"{version}\n".encode())
    elif findings:
        raise ReleaseRefusedError(f"{version} is released already and the contracts differ from it: take a higher one")
    for old in RELEASED_DIRECTORY.iterdir():
        if old.is_dir() and old.name != version:
            shutil.rmtree(old)
    write_generated()


def main(arguments: Sequence[str] | None = None) -> int:
    """Release, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m contracts.release", description=__doc__)
    parser.add_argument("version", help="X.Y.Z, higher than the one released")
    version: str = parser.parse_args(arguments).version
    release(version)
    sys.stdout.write(f"released {version} 已发布; commit contracts/released and contracts/asyncapi.yaml\n")
    return 0


def _check_version(version: str) -> None:
    if re.fullmatch(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}", version) is None:
        raise ReleaseRefusedError(f"{version!r} is not a version X.Y.Z")
    released = released_version()
    if released is not None and _parts(version) < _parts(released):
        raise ReleaseRefusedError(f"{version} is lower than {released}, which is released")


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _copy(target: Path) -> None:
    half = target.with_name(f".{target.name}.tmp")
    for folder in (half, target):
        if folder.exists():
            shutil.rmtree(folder)
    for pattern in _COPIED:
        for path in ROOT.glob(pattern):
            write(half / path.relative_to(ROOT), path.read_bytes())
    half.rename(target)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (ValueError, LookupError) as error:
        sys.exit(str(error))
