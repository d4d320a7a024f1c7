"""The columns of a register's file."""

from enum import StrEnum
from typing import Final

from kit.files.columns import ColumnSet


class Column(StrEnum):
    """A column, by the name that its header has."""

    NAME = "企业名称"
    USCC = "统一社会信用代码"
    REGISTERED_ON = "注册日期"
    LEGAL_FORM = "企业类型"
    LEGAL_REPRESENTATIVE = "法人代表"
    CAPITAL = "注册资金"
    BUSINESS_SCOPE = "经营范围"
    PROVINCE = "所在省份"
    DISTRICT = "地区"
    ADDRESS = "注册地址"

    @staticmethod
    def listed() -> str:
        """Return all names, for a message."""
        return ",".join(Column)


ENGLISH: Final = {
    "name": Column.NAME,
    "uscc": Column.USCC,
    "registered_on": Column.REGISTERED_ON,
    "legal_form": Column.LEGAL_FORM,
    "capital": Column.CAPITAL,
    "business_scope": Column.BUSINESS_SCOPE,
    "province": Column.PROVINCE,
    "district": Column.DISTRICT,
    "address": Column.ADDRESS,
}
"""The names that programs give the columns as keys of JSON lines."""

REQUIRED: Final = (Column.NAME, Column.USCC)

READ: Final = tuple(column for column in Column if column is not Column.LEGAL_REPRESENTATIVE)
"""The columns whose cells are looked at, in this order.

法人代表 is not among them. It is a natural person's name, hence personal information (个人信息保护法), and the platform
has no purpose for it: it is read past, never stored, logged, hashed or echoed. A column that isn't picked can't leak.
"""

REGISTER: Final = ColumnSet(names=tuple(Column), read=READ, required=REQUIRED, english=ENGLISH)
"""The columns of a register's file, for who reads it."""
