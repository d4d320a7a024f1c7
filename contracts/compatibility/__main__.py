"""`python -m contracts.compatibility`: exits 1 on a change that may not be released, and says the way out."""

import sys

from contracts.catalogue import ROOT
from contracts.compatibility.check import compatibility, releasable
from contracts.compatibility.contract_set import load_contracts, load_released, released_version
from contracts.generate import refuse_stale


def main() -> int:
    """Compare, say every finding, and return the exit code."""
    refuse_stale()
    findings = compatibility(load_released(), load_contracts(ROOT))
    for finding in findings:
        sys.stdout.write(f"{finding}\n")
    version = released_version() or "nothing"
    if releasable(findings):
        sys.stdout.write(f"compatible with {version} released 与已发布版本兼容\n")
        return 0
    sys.stdout.write(f"NOT compatible with {version} released 与已发布版本不兼容; see docs/contracts.md\n")
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ValueError as error:
        sys.exit(str(error))
