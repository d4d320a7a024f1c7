"""The image's bill of materials, as CycloneDX 1.6: `python sbom.py --version 0.1.0 --system /var/lib/dpkg/status`.

Lists what is there, not what was asked for: the Python packages of the environment that runs this, and the packages of
the operating system by its own list. Standard library only, for it runs in the image's build.
"""

import argparse
import json
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from email.parser import HeaderParser
from importlib.metadata import distributions
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import quote

SPECIFICATION: Final = "1.6"
OS_RELEASE: Final = Path("/etc/os-release")

Component: TypeAlias = dict[str, object]


def python_packages() -> Iterator[Component]:
    """Return a component for each Python package that this interpreter finds."""
    for one in distributions():
        name, version = one.metadata["Name"], one.version
        metadata = one.metadata.json
        expression, license_ = metadata.get("license_expression"), metadata.get("license")
        described: Component = {
            "type": "library",
            "bom-ref": f"pkg:pypi/{name.lower()}@{version}",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name.lower().replace('_', '-')}@{quote(version)}",
        }
        if isinstance(expression, str):
            described["licenses"] = [{"expression": expression}]
        elif isinstance(license_, str) and "\n" not in license_:
            described["licenses"] = [{"license": {"name": license_}}]
        yield described


def system_packages(status: Path, distribution: str) -> Iterator[Component]:
    """Return a component for each package of dpkg's list; none where there is no such list."""
    if not status.exists():
        return
    for paragraph in status.read_text(encoding="utf-8").split("\n\n"):
        package = HeaderParser().parsestr(paragraph)
        if package["Status"] != "install ok installed":
            continue
        name, version = package["Package"], package["Version"]
        purl = f"pkg:deb/{distribution}/{name}@{quote(version, safe='')}?arch={package['Architecture']}"
        yield {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def bill(version: str, components: list[Component]) -> dict[str, object]:
    """Return the document.

    Args:
        version: of the project.
        components: everything in the image beside the project itself.
    """
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{SPECIFICATION}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPECIFICATION,
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
            "component": {"type": "container", "bom-ref": "lianhe", "name": "lianhe", "version": version},
        },
        "components": sorted(components, key=lambda one: str(one["purl"])),
        "dependencies": [{"ref": "lianhe", "dependsOn": sorted({str(one["bom-ref"]) for one in components})}],
    }


def distribution() -> str:
    """Return the id of the operating system, `debian` where it tells none."""
    lines = OS_RELEASE.read_text(encoding="utf-8").splitlines() if OS_RELEASE.exists() else []
    found = [line.removeprefix("ID=").strip('"') for line in lines if line.startswith("ID=")]
    return found[0] if found else "debian"


def main(arguments: list[str]) -> None:
    """Write the document to standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", required=True, help="of the project")
    parser.add_argument("--system", type=Path, required=True, help="dpkg's list of packages")
    asked = parser.parse_args(arguments)
    found = {str(one["bom-ref"]): one for one in (*python_packages(), *system_packages(asked.system, distribution()))}
    json.dump(bill(asked.version, list(found.values())), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main(sys.argv[1:])
