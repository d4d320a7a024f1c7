"""Files of organisations, taken into the ledgers by the command line on the real database."""

from pathlib import Path

import pytest

from contracts.events.ledgers.organisations import OrganisationChanged, OrganisationFounded
from contracts.vocabulary import Bureau, FormationMode, Industry, OrganisationForm
from tests.integration.ledgers.desk import TOWNSHIP, USCCS, Desk
from tests.integration.ledgers.files import Counter, organisation

pytestmark = pytest.mark.servers


@pytest.fixture
def counter(desk: Desk, tmp_path: Path) -> Counter:
    return Counter(tmp_path, desk.url)


async def test_a_new_organisation_is_founded_with_all_that_its_row_states(desk: Desk, counter: Counter) -> None:
    entity = await desk.knows_entity()
    file = counter.csv(
        "organisations",
        {
            "code": "500111-1",
            "name": "龙水五金支部",
            "form": "党支部",
            "mode": "单独组建",
            "entities": USCCS[0].lower(),
            "bureau": "市场监督管理",
            "founded_on": "2020年7月1日",
            "has_committee": "是",
            "groups": "2",
            "industry": "五金",
            "last_elected_on": "2023-06-30",
            "full_time_workers": "1",
            "standardisation_pilot": "是",
            "effective_on": "2024-01-31",
        },
    )

    assert await counter.imports("organisations", file) == (1, 0, 0, 0)

    [founded] = await desk.told(OrganisationFounded)
    assert (founded.code, founded.name, founded.form) == ("500111-1", "龙水五金支部", OrganisationForm.BRANCH)
    assert (founded.mode, founded.entity_ids) == (FormationMode.SINGLE, (entity,))
    assert (founded.division_code, founded.bureau) == (TOWNSHIP, Bureau.MARKET_REGULATION)
    assert (str(founded.founded_on), founded.has_committee, founded.groups) == ("2020-07-01", True, 2)
    [profiled] = await desk.told(OrganisationChanged)
    assert (profiled.industry, str(profiled.last_elected_on)) == (Industry.HARDWARE, "2023-06-30")
    assert (profiled.full_time_workers, profiled.standardisation_pilot) == (1, True)
    assert {str(founded.effective_on), str(profiled.effective_on)} == {"2024-01-31"}
    assert [row["duty"] for row in await desk.rows("SELECT organisation_coverage AS duty FROM coverage")] == ["OWN"]


async def test_the_same_file_again_changes_nothing(desk: Desk, counter: Counter) -> None:
    file = counter.csv("organisations", organisation("一支部", code="A-1"), organisation("二支部"))
    assert await counter.imports("organisations", file) == (2, 0, 0, 0)
    told = len(await desk.outbox())

    assert await counter.imports("organisations", file) == (0, 0, 2, 0)

    assert len(await desk.outbox()) == told


async def test_what_changed_since_is_not_set_back_by_the_same_file(desk: Desk, counter: Counter) -> None:
    file = counter.csv("organisations", organisation("一支部", code="A-1"))
    await counter.imports("organisations", file)
    newer = counter.csv("organisations", organisation("新支部", code="a-1"), name="b.csv")
    assert await counter.imports("organisations", newer) == (0, 1, 0, 0)

    assert await counter.imports("organisations", file) == (0, 0, 1, 0)

    assert [row["name"] for row in await desk.rows("SELECT name FROM organisation")] == ["新支部"]


async def test_rows_of_another_file_find_theirs_by_code_or_by_name(desk: Desk, counter: Counter) -> None:
    rows = (organisation("一支部", code="A-1"), organisation("二（甲）支部"), organisation("三支部"))
    await counter.imports("organisations", counter.csv("organisations", *rows))
    other = counter.csv(
        "organisations",
        {"code": "Ａ-1", "name": "一支部（更名）", "groups": "3"},
        {"name": "二 (甲)支部", "division": "500111101", "code": "A-2"},
        {"name": "三支部", "division": "500111101", "form": "党支部"},
        name="b.csv",
    )

    assert await counter.imports("organisations", other) == (0, 2, 1, 0)

    found = await desk.rows("SELECT code, name, groups, mode FROM organisation ORDER BY organisation_id")
    assert [tuple(row) for row in found] == [
        ("A-1", "一支部（更名）", 3, "CATCH_ALL"),
        ("A-2", "二（甲）支部", None, "CATCH_ALL"),
        (None, "三支部", None, "CATCH_ALL"),
    ]


async def test_a_superior_may_stand_further_down_in_the_file(desk: Desk, counter: Counter) -> None:
    file = counter.csv(
        "organisations",
        organisation("支部", superior="总支"),
        organisation("总支", form="党总支", superior="c-1"),
        organisation("党委", form="党委", code="C-1"),
        organisation("另一支部", superior="没有的党委"),
    )

    assert await counter.imports("organisations", file) == (3, 0, 0, 1)

    assert counter.reasons() == [("5", "上级党组织", "SUPERIOR_UNKNOWN")]
    above = (
        "SELECT one.name, above.name FROM organisation AS one "
        "JOIN organisation AS above ON one.superior_id = above.organisation_id"
    )
    assert {tuple(row) for row in await desk.rows(above)} == {("支部", "总支"), ("总支", "党委")}


async def test_what_is_ambiguous_is_rejected_and_never_merged(desk: Desk, counter: Counter) -> None:
    twin = {"name": "支部", "form": "BRANCH", "mode": "CATCH_ALL", "divisionCode": TOWNSHIP}
    for code in ("A-1", "A-2", None):
        await desk.made("/organisations", twin | {"code": code})
    await desk.made("/organisations", twin | {"name": "独一支部", "code": "B-1"})
    told = len(await desk.outbox())
    file = counter.csv(
        "organisations",
        organisation("支部"),
        organisation("独一支部", code="B-2"),
        organisation("独一支部", code="A-1"),
        organisation("新支部", superior="支部"),
    )

    assert await counter.imports("organisations", file) == (0, 0, 0, 4)

    assert counter.reasons() == [
        ("2", "党组织名称", "AMBIGUOUS"),
        ("3", "组织编码", "AMBIGUOUS"),
        ("4", "组织编码", "AMBIGUOUS"),
        ("5", "上级党组织", "AMBIGUOUS"),
    ]
    assert counter.rejected()[1]["党组织名称"] == "独一支部"
    assert counter.rejected()[1]["组织编码"] == "B-2"
    assert len(await desk.outbox()) == told


async def test_a_bad_row_is_rejected_alone_and_can_be_imported_once_corrected(desk: Desk, counter: Counter) -> None:
    await desk.knows_entity()
    file = counter.csv(
        "organisations",
        organisation("一支部"),
        organisation("二支部", form="小组"),
        organisation("三支部", mode="单独组建"),
        organisation("四支部", entities=USCCS[1]),
        organisation("五支部", founded_on="去年"),
        organisation("六支部", effective_on="2999-01-01"),
        organisation("七支部", industry="五金", last_elected_on="2999-01-01"),
        organisation("八支部", division="没有镇"),
        organisation("九支部", mark="示例"),
        {"name": "十支部", "division": "500111101"},
        organisation("一 支部"),
        organisation("末支部"),
    )

    assert await counter.imports("organisations", file) == (2, 0, 0, 10)

    assert counter.reasons() == [
        ("3", "组织形式", "WORD"),
        ("4", "覆盖主体统一社会信用代码", "REFUSED"),
        ("5", "覆盖主体统一社会信用代码", "UNKNOWN"),
        ("6", "成立日期", "DAY"),
        ("7", "生效日期", "REFUSED"),
        ("8", "上次换届日期", "REFUSED"),
        ("9", "行政区划", "UNKNOWN"),
        ("10", "标记", "EXAMPLE"),
        ("11", "组织形式", "MISSING"),
        ("12", "", "TWICE"),
    ]
    assert [row["name"] for row in await desk.rows("SELECT name FROM organisation ORDER BY 1")] == ["一支部", "末支部"]
    assert len(await desk.told(OrganisationChanged)) == 0, "half a row"

    corrected = counter.rejects.read_text(encoding="utf-8-sig").replace('"小组"', '"党支部"')
    (counter.place / "corrected.csv").write_text(corrected, encoding="utf-8")
    assert await counter.imports("organisations", counter.place / "corrected.csv") == (1, 0, 1, 8)


async def test_rows_that_were_rejected_are_tried_again(desk: Desk, counter: Counter) -> None:
    file = counter.csv("organisations", organisation("支部", mode="单独组建", entities=USCCS[0]))
    assert await counter.imports("organisations", file) == (0, 0, 0, 1)
    await desk.knows_entity()

    assert await counter.imports("organisations", file) == (1, 0, 0, 0)
    assert counter.rejected() == []


async def test_text_and_lines_of_json_state_the_same(counter: Counter) -> None:
    row = organisation("支部", code="A-1", groups="3")
    assert await counter.imports("organisations", counter.csv("organisations", row, encoding="gb18030")) == (1, 0, 0, 0)

    assert await counter.imports("organisations", counter.json_lines(row)) == (0, 0, 1, 0)


async def test_a_preview_counts_what_would_happen_and_writes_nothing(desk: Desk, counter: Counter) -> None:
    await desk.made("/organisations", {"name": "旧支部", "form": "BRANCH", "mode": "CATCH_ALL", "code": "A-1"})
    before = await counter.kept("organisation", "outbox", "imported_row")
    file = counter.csv(
        "organisations",
        organisation("支部", superior="党委"),
        organisation("党委", form="党委"),
        {"name": "更名支部", "code": "A-1"},
        organisation("坏支部", form="x"),
    )

    assert await counter.imports("organisations", file, "--dry-run") == (2, 1, 0, 1)

    assert counter.reasons() == [("5", "组织形式", "WORD")]
    assert await counter.kept(*before) == before


async def test_who_imported_is_kept(desk: Desk, counter: Counter) -> None:
    await counter.imports("organisations", counter.csv("organisations", organisation("支部")))

    [row] = await desk.rows("SELECT line, aggregate, outcome, imported_by FROM imported_row")
    assert tuple(row)[:3] == (2, "ledgers-organisation", "NEW")
    assert row["imported_by"].startswith("lianhe import: ")


async def test_without_a_district_that_is_known_it_asks_for_one(counter: Counter) -> None:
    file = counter.csv("organisations", organisation("支部"))

    result = await counter.run("import-organisations", file, "--rejects", counter.rejects)

    assert result.exit_code == 1
    assert "--division" in result.stderr
    assert "区县" in result.stderr
    assert not counter.rejects.exists()


async def test_a_township_takes_in_its_own_alone(counter: Counter) -> None:
    file = counter.csv("organisations", organisation("支部"), organisation("外镇支部", division="500111102"))

    result = await counter.run(
        "import-organisations", file, "--division", "500111101", "--rejects", counter.rejects, "--json"
    )

    assert result.exit_code == 0, result.stderr
    assert counter.reasons() == [("3", "", "REFUSED")]
