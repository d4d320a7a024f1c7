"""The columns of files of organisations and of members: what the template explains, and the import reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from contracts.vocabulary import (
    Bureau,
    Demonstration,
    FormationMode,
    Industry,
    MemberStanding,
    OrganisationForm,
)
from contracts.vocabulary.word import Word
from kit.files.columns import ColumnSet

EXAMPLE: Final = "示例"
"""What marks the example row of the template."""

YES, NO = "是", "否"


class OrganisationColumn(StrEnum):
    """A column of a file of organisations, by the name that its header has."""

    MARK = "标记"
    CODE = "组织编码"
    NAME = "党组织名称"
    FORM = "组织形式"
    EXTERNAL = "是否外部党组织"
    MODE = "组建方式"
    DIVISION = "行政区划"
    ENTITIES = "覆盖主体统一社会信用代码"
    SUPERIOR = "上级党组织"
    BUREAU = "条线"
    ASSOCIATION = "所属协会"
    FOUNDED_ON = "成立日期"
    HAS_COMMITTEE = "是否设支委会"
    GROUPS = "党小组数"
    INDUSTRY = "产业"
    LAST_ELECTED_ON = "上次换届日期"
    FULL_TIME_WORKERS = "专职党建工作者人数"
    DEMONSTRATION = "示范级别"
    PILOT = "是否标准化建设试点"
    EFFECTIVE_ON = "生效日期"


class MemberColumn(StrEnum):
    """A column of a file of members, by the name that its header has."""

    MARK = "标记"
    NAME = "姓名"
    ID_NUMBER = "公民身份号码"
    TELEPHONE = "联系电话"
    BORN_IN = "出生年月"
    STANDING = "党员类别"
    WORKPLACE = "从业主体统一社会信用代码"
    RELATION = "组织关系所在党组织"
    MANAGEMENT = "管理党组织"
    EFFECTIVE_ON = "生效日期"


@dataclass(frozen=True, slots=True)
class Explained:
    """A column as the template explains it.

    Attributes:
        column: its header.
        key: what programs call it, as a key of JSON lines.
        note_zh: what stands in it, in Chinese.
        note_en: the same in English.
        example: what the example row has there.
        words: those that a cell may have, where there is a list of them.
        required: whether every file has it.
    """

    column: OrganisationColumn | MemberColumn
    key: str
    note_zh: str
    note_en: str
    example: str = ""
    words: Sequence[str] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file.

    Attributes:
        name: what the command line calls it.
        title: the same in Chinese, and the name of the sheet.
        columns: in the order of the template.
    """

    name: str
    title: str
    columns: Sequence[Explained]

    @property
    def column_set(self) -> ColumnSet:
        """The columns, for who reads files."""
        names = tuple(one.column for one in self.columns)
        return ColumnSet(
            names=names,
            read=names,
            required=tuple(one.column for one in self.columns if one.required),
            english={one.key: one.column for one in self.columns},
        )

    @property
    def example(self) -> tuple[str, ...]:
        """The cells of the example row."""
        return tuple(one.example for one in self.columns)


def _words(words: type[Word]) -> tuple[str, ...]:
    return tuple(one.zh for one in words)


_MARK_ZH: Final = f"填“{EXAMPLE}”的行是模板自带的示例，不导入。自己的行请留空。"
_MARK_EN: Final = f"“{EXAMPLE}” marks the template's own example row, which is not taken in. Leave it empty."
_DAY_ZH, _DAY_EN = "如 2024-01-31。", "As 2024-01-31."
_FROM_ZH: Final = "本行内容自哪一天起有效；空则为导入当日，不得晚于当日。"
_FROM_EN: Final = "Day from which the row holds; empty: the day of the import. Not in the future."
_O, _M = OrganisationColumn, MemberColumn

ORGANISATIONS: Final = FileKind(
    "organisations",
    "党组织",
    (
        Explained(_O.MARK, "mark", _MARK_ZH, _MARK_EN, EXAMPLE),
        Explained(
            _O.CODE,
            "code",
            "组织部门的编码，唯一；填写后按编码识别党组织。",
            "Its code in the books of the organisation department; no two have the same. It tells which one is meant.",
            "500111-0417",
        ),
        Explained(
            _O.NAME,
            "name",
            "必填。没有编码时，按行政区划内的名称识别党组织。",
            "Needed. Without a code the name tells which one is meant, within the division.",
            "某某五金有限公司党支部",
            required=True,
        ),
        Explained(
            _O.FORM,
            "form",
            "新党组织必填。",
            "Needed of a new one.",
            OrganisationForm.BRANCH.zh,
            _words(OrganisationForm),
        ),
        Explained(
            _O.EXTERNAL,
            "external",
            "村、社区或外区县的党组织填“是”；空则为“否”。",
            "是 (yes) of a village's, a community's or another district's; empty: 否 (no).",
            NO,
            (YES, NO),
        ),
        Explained(
            _O.MODE,
            "mode",
            "新党组织必填，外部党组织不填。",
            "Needed of a new one; an external one has none.",
            FormationMode.SINGLE.zh,
            _words(FormationMode),
        ),
        Explained(
            _O.DIVISION,
            "division",
            "代码（6、9或12位）或名称；空则取首个覆盖主体的区划。",
            "Code (6, 9 or 12 digits) or name; empty: that of the first entity that it covers.",
            "500111101",
        ),
        Explained(
            _O.ENTITIES,
            "entities",
            "所覆盖主体的代码，多个用顿号分隔；填写后以此为准。",
            "USCC of the entities that it covers, separated by 、; they take the place of those known.",
            "91999999MA0000001N",
        ),
        Explained(
            _O.SUPERIOR,
            "superior",
            "上级党组织的编码或名称；可在同一文件中。",
            "Code or name of the organisation above it, which may stand in the same file.",
            "500111-0001",
        ),
        Explained(
            _O.BUREAU,
            "bureau",
            f"空则为“{Bureau.MARKET_REGULATION.zh}”。",
            "The line; empty: market regulation.",
            Bureau.MARKET_REGULATION.zh,
            _words(Bureau),
        ),
        Explained(_O.ASSOCIATION, "association", "协会的名称。", "Name of the association whose branch it is."),
        Explained(_O.FOUNDED_ON, "founded_on", _DAY_ZH, _DAY_EN, "2020-07-01"),
        Explained(
            _O.HAS_COMMITTEE,
            "has_committee",
            "空则按正式党员人数推定。",
            "Whether it has a committee; empty: as follows from its full members.",
            YES,
            (YES, NO),
        ),
        Explained(_O.GROUPS, "groups", "整数。", "How many groups it has.", "2"),
        Explained(
            _O.INDUSTRY, "industry", "“6+2”产业。", 'Industry of the "6+2".', Industry.HARDWARE.zh, _words(Industry)
        ),
        Explained(_O.LAST_ELECTED_ON, "last_elected_on", _DAY_ZH, _DAY_EN, "2022-06-30"),
        Explained(_O.FULL_TIME_WORKERS, "full_time_workers", "整数。", "Full-time Party workers, a number.", "1"),
        Explained(
            _O.DEMONSTRATION,
            "demonstration",
            "不是示范党组织的留空。",
            "What it is held up as; empty where nothing.",
            "",
            _words(Demonstration),
        ),
        Explained(
            _O.PILOT, "standardisation_pilot", "空则不变。", "Whether it is a pilot of standardisation.", NO, (YES, NO)
        ),
        Explained(_O.EFFECTIVE_ON, "effective_on", _FROM_ZH, _FROM_EN),
    ),
)
"""Files of organisations."""

MEMBERS: Final = FileKind(
    "members",
    "党员",
    (
        Explained(_M.MARK, "mark", _MARK_ZH, _MARK_EN, EXAMPLE),
        Explained(_M.NAME, "name", "必填。", "Needed: the full name.", "张某某", required=True),
        Explained(
            _M.ID_NUMBER,
            "id_number",
            "18位，文本格式；填写后按号码识别党员。",
            "18 places, as text; it tells who is meant.",
            "99999919850308001X",
        ),
        Explained(_M.TELEPHONE, "telephone", "11位手机号，或区号加号码。", "11 digits, or area code and number."),
        Explained(
            _M.BORN_IN,
            "born_in",
            "如 1985-03；填了公民身份号码的可不填。",
            "As 1985-03; it follows from the ID number where there is one.",
            "1985-03",
        ),
        Explained(
            _M.STANDING,
            "standing",
            "新党员必填。",
            "Full or probationary; needed of a new one.",
            MemberStanding.FULL.zh,
            _words(MemberStanding),
        ),
        Explained(
            _M.WORKPLACE,
            "workplace",
            "从业主体的统一社会信用代码。",
            "USCC of the entity where they work.",
            "91999999MA0000001N",
        ),
        Explained(
            _M.RELATION,
            "relation",
            "组织关系所在党组织的编码或名称。没有公民身份号码时，按姓名和组织关系识别党员。",
            "Code or name of the organisation that the member is related to. Without an ID number, name and relation "
            "tell who is meant.",
            "500111-0417",
        ),
        Explained(
            _M.MANAGEMENT,
            "management",
            "管理该党员的党组织的编码或名称。",
            "Code or name of the organisation that manages them.",
            "500111-0417",
        ),
        Explained(_M.EFFECTIVE_ON, "effective_on", _FROM_ZH, _FROM_EN),
    ),
)
"""Files of members."""
