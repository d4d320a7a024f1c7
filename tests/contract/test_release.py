"""Releasing the contracts, and the check against the release: by the commands, in a copy."""

import re
from typing import Final

import pytest

from contracts.catalogue import ROOT
from contracts.compatibility.contract_set import RELEASED_DIRECTORY, load_contracts, load_released, released_version
from tests.contract.workshop import Workshop

RELEASED: Final = released_version()
NEXT: Final = "99.0.0"


def test_the_contracts_of_this_checkout_may_be_released(workshop: Workshop) -> None:
    done = workshop.run("-m", "contracts.compatibility")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(f"compatible with {RELEASED} released 与已发布版本兼容\n")


def test_the_released_folder_holds_one_whole_release_and_nothing_else() -> None:
    assert {path.name for path in RELEASED_DIRECTORY.iterdir()} == {"RELEASE", RELEASED}
    released = load_released()
    assert {f"{event}" for topic in released.topics.values() for event in listed(topic["events"])} == set(
        released.schemas
    )


def listed(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


def test_a_breaking_change_stops_the_check_and_the_release(workshop: Workshop) -> None:
    workshop.change("contracts/topics/ledgers-entity.yaml", "partitions: 6", "partitions: 12")
    assert workshop.run("-m", "contracts.generate").returncode == 0
    before = workshop.files()
    checked = workshop.run("-m", "contracts.compatibility")
    assert checked.returncode == 1
    assert (
        "breaking: PARTITIONS_CHANGED at topics/ledgers-entity.yaml: partitions: 6 → 12\n"
        "  why: keys move to other partitions: an old state may be read after a newer one\n"
        "  way out: make a new topic beside this one: "
        "roll out readers of both, then the owner, and retire the old one\n"
    ) in checked.stdout
    assert checked.stdout.endswith(
        f"NOT compatible with {RELEASED} released 与已发布版本不兼容; see docs/contracts.md\n"
    )
    released = workshop.run("-m", "contracts.release", NEXT)
    assert released.returncode == 1
    assert released.stderr.startswith(
        "nothing was released:\nbreaking: PARTITIONS_CHANGED at topics/ledgers-entity.yaml"
    )
    assert workshop.files() == before


def test_an_optional_field_is_released_and_is_the_base_from_then_on(workshop: Workshop) -> None:
    model = "contracts/events/ledgers/entities.py"
    field = '    industry: Annotated[str | None, Field(description="行业.")] = None\n'
    anchor = "    effective_on: Annotated[date,"
    workshop.change(model, anchor, field + anchor)
    assert workshop.run("-m", "contracts.generate").returncode == 0
    checked = workshop.run("-m", "contracts.compatibility")
    assert checked.returncode == 0
    assert (
        "safe: OPTIONAL_FIELD_ADDED at schemas/cn.lianhe.ledgers.entity.recorded.v1.json $.industry" in checked.stdout
    )
    assert workshop.run("-m", "contracts.release", NEXT).returncode == 0
    contracts = workshop.root / "contracts"
    assert load_released(contracts / "released") == load_contracts(contracts)
    assert workshop.run("-m", "contracts.generate", "--check").returncode == 0
    workshop.change(model, field, "")
    assert workshop.run("-m", "contracts.generate").returncode == 0
    again = workshop.run("-m", "contracts.compatibility")
    assert again.returncode == 1
    assert "breaking: FIELD_REMOVED at schemas/cn.lianhe.ledgers.entity.recorded.v1.json $.industry" in again.stdout


def test_a_stale_file_stops_the_check_and_the_release(workshop: Workshop) -> None:
    workshop.change("contracts/topics/ledgers-entity.yaml", "partitions: 6", "partitions: 12")
    for command in (["contracts.compatibility"], ["contracts.release", NEXT]):
        done = workshop.run("-m", *command)
        assert done.returncode == 1
        assert done.stderr.endswith("run 请运行: python -m contracts.generate\n")


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("0.0.1", f"0.0.1 is lower than {RELEASED}, which is released\n"),
        ("1.0", "'1.0' is not a version X.Y.Z\n"),
        ("../9.9.9", "'../9.9.9' is not a version X.Y.Z\n"),
        ("01.0.0", "'01.0.0' is not a version X.Y.Z\n"),
    ],
)
def test_a_wrong_version_is_refused(workshop: Workshop, version: str, message: str) -> None:
    before = workshop.files()
    done = workshop.run("-m", "contracts.release", version)
    assert (done.returncode, done.stderr) == (1, message)
    assert workshop.files() == before


def test_the_same_version_again_changes_nothing_and_takes_no_changes(workshop: Workshop) -> None:
    assert RELEASED is not None
    assert workshop.run("-m", "contracts.release", NEXT).returncode == 0
    before = workshop.files()
    assert workshop.run("-m", "contracts.release", NEXT).returncode == 0
    assert workshop.files() == before
    workshop.change("contracts/topics/ledgers-entity.yaml", "readers: [pairing, gateway]", "readers: [gateway]")
    assert workshop.run("-m", "contracts.generate").returncode == 0
    done = workshop.run("-m", "contracts.release", NEXT)
    assert done.returncode == 1
    assert done.stderr == f"{NEXT} is released already and the contracts differ from it: take a higher one\n"


def test_a_release_cut_short_before_the_switch_leaves_the_old_one_and_is_finished_by_the_next(
    workshop: Workshop,
) -> None:
    released = workshop.root / "contracts" / "released"
    for half in (f".{NEXT}.tmp", NEXT):
        (released / half / "topics").mkdir(parents=True)
        (released / half / "topics" / "half.yaml").write_text("topic: [", encoding="utf-8")
    assert workshop.run("-m", "contracts.compatibility").returncode == 0
    assert workshop.run("-m", "contracts.release", NEXT).returncode == 0
    assert {path.name for path in released.iterdir()} == {"RELEASE", NEXT}
    assert load_released(released) == load_contracts(workshop.root / "contracts")


def test_a_release_whose_folder_is_lost_is_told_with_the_way_out(workshop: Workshop) -> None:
    pointer = workshop.root / "contracts" / "released" / "RELEASE"
    pointer.write_text("9.9.9\n", encoding="utf-8")
    assert workshop.run("-m", "contracts.generate").returncode == 0
    done = workshop.run("-m", "contracts.compatibility")
    assert done.returncode == 1
    assert done.stderr == f"{pointer} names 9.9.9, whose folder is missing: restore it from git\n"


def test_the_first_release_has_nothing_to_be_held_against(workshop: Workshop) -> None:
    released = workshop.root / "contracts" / "released"
    for path in sorted(released.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert workshop.run("-m", "contracts.generate").returncode == 0
    done = workshop.run("-m", "contracts.release", "0.0.1")
    assert (done.returncode, done.stderr) == (0, "")
    assert (released / "RELEASE").read_text(encoding="utf-8") == "0.0.1\n"


def test_the_commands_of_the_page_do_what_it_says(workshop: Workshop) -> None:
    page = (ROOT.parent / "docs" / "contracts.md").read_text(encoding="utf-8")
    commands = [line for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]
    assert commands == [
        "python -m contracts.generate",
        "python -m contracts.generate --check",
        "python -m contracts.compatibility",
        "python -m contracts.release VERSION",
    ]
    for command in commands:
        _, *arguments = command.replace("VERSION", NEXT).split()
        done = workshop.run(*arguments)
        assert (command, done.returncode, done.stderr) == (command, 0, "")
    assert (workshop.root / "contracts" / "released" / "RELEASE").read_text(encoding="utf-8") == f"{NEXT}\n"


def test_the_files_that_the_page_names_are_there() -> None:
    page = (ROOT.parent / "docs" / "contracts.md").read_text(encoding="utf-8")
    named = re.findall(r"`(contracts/[a-z/.]+)`", page)
    assert len(named) >= 6
    assert [name for name in named if not (ROOT.parent / name).exists()] == []
    assert [link for link in re.findall(r"\]\(([^)]+)\)", page) if not (ROOT.parent / "docs" / link).exists()] == []
