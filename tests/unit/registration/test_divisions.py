import pytest

from contracts.vocabulary import UNASSIGNED_DIVISION
from services.registration.domain.divisions import parse_divisions
from services.registration.intake.reference import divisions

HEADER = "code,name,short_name,until"


def test_has_the_38_divisions_of_chongqing() -> None:
    in_force = [entry for entry in divisions().names if entry.until is None]

    assert len({entry.code for entry in in_force}) == len(in_force) == 38
    assert sum(entry.name.endswith("区") for entry in in_force) == 26
    assert sum(entry.name.endswith("自治县") for entry in in_force) == 4
    assert {entry.code[:4] for entry in in_force} == {"5001", "5002"}
    assert {entry.code[6:] for entry in in_force} == {"000000"}


def test_every_former_name_has_a_successor_in_force() -> None:
    in_force = {entry.code for entry in divisions().names if entry.until is None}
    former = [entry for entry in divisions().names if entry.until is not None]

    assert len(former) == 23
    assert {entry.code for entry in former} <= in_force


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("九龙坡", "500107000000"),
        ("九龙坡区", "500107000000"),
        ("重庆市九龙坡区", "500107000000"),
        ("忠县", "500233000000"),
        ("石柱", "500240000000"),
        ("彭水苗族土家族自治县", "500243000000"),
        ("万盛", "500110000000"),
        ("双桥区", "500111000000"),
        ("北部新区", "500112000000"),
        ("开县", "500154000000"),
        ("开州", "500154000000"),
        ("梁平县", "500155000000"),
        ("潼南县", "500152000000"),
        ("江北", "500105000000"),
        ("江北县", "500112000000"),
        ("两江新区", UNASSIGNED_DIVISION),
        ("海淀", UNASSIGNED_DIVISION),
        ("", UNASSIGNED_DIVISION),
        (None, UNASSIGNED_DIVISION),
    ],
)
def test_finds_the_code(name: str | None, code: str) -> None:
    assert divisions().division_of(name) == code


def test_the_same_short_name_in_another_province_is_unassigned() -> None:
    assert divisions().division_of("江北", "浙江") == UNASSIGNED_DIVISION
    assert divisions().division_of("江北", "重庆市") == divisions().division_of("江北", "重庆") == "500105000000"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "first line"),
        (["name,code"], "first line"),
        ([HEADER, "500101000000,万州区,万州"], "line 2"),
        ([HEADER, "500101,万州区,万州,"], "line 2"),
        ([HEADER, "500101000000,,万州,"], "line 2"),
        ([HEADER, "500101000000,万州区,万州,now"], "line 2"),
        ([HEADER, "500105000000,江北区,江北,", "500112000000,江北县,江北,1994"], "江北 stands for 500105000000"),
    ],
)
def test_a_broken_table_is_refused(lines: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_divisions(lines)
