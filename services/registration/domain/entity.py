"""What a source says about a market entity 市场主体, and from when on it holds."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from hashlib import blake2b
from typing import Final

from contracts.vocabulary import DIVISION_WIDTH, Bureau, EntityKind
from services.registration.domain.capital import AMOUNT_DECIMALS, Capital
from services.registration.domain.uscc import uscc_fault

NAME_LIMIT: Final = 400
LEGAL_FORM_LIMIT: Final = 100
ADDRESS_LIMIT: Final = 1000
BUSINESS_SCOPE_LIMIT: Final = 20_000
"""Characters; the longest real one has 900. It keeps an event far below the broker's 1 MiB a record."""

SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""One zone for the whole country, without summer time since 1992."""

_DIVISION: Final = re.compile(rf"[0-9]{{{DIVISION_WIDTH}}}")
_HASH_VERSION: Final = b"registration v1"


def shanghai_day(moment: datetime) -> date:
    """Return the day in Asia/Shanghai of an aware moment.

    Raises:
        ValueError: the moment has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone is on no certain day")
    return moment.astimezone(SHANGHAI).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """The facts of one entity, as one source states them.

    The limits are those of the event (`contracts.events.registration`), so that whatever is a `Registration` can be
    stored and told.

    Attributes:
        uscc: 统一社会信用代码, normalised and valid.
        name: 企业名称, 1 to 400 characters.
        kind: what it counts as.
        division_code: 行政区划, 12 digits; zeros while unassigned.
        bureau: the bureau line 条.
        registered_on: 注册日期.
        legal_form: 企业类型, as the source has it, up to 100 characters.
        capital: 注册资金.
        business_scope: 经营范围, up to 20,000 characters.
        address: 注册地址, up to 1,000 characters.

    Raises:
        ValueError: a field is outside its limits; the message names the field, never its value.
    """

    uscc: str
    name: str
    kind: EntityKind
    division_code: str
    bureau: Bureau
    registered_on: date | None = None
    legal_form: str | None = None
    capital: Capital | None = None
    business_scope: str | None = None
    address: str | None = None

    def __post_init__(self) -> None:
        """Check the limits."""
        if uscc_fault(self.uscc) is not None:
            raise ValueError("uscc is no valid unified social credit code")
        if not self.name:
            raise ValueError("name is empty")
        if _DIVISION.fullmatch(self.division_code) is None:
            raise ValueError(f"division_code has not {DIVISION_WIDTH} digits")
        _check_text("name", self.name, NAME_LIMIT)
        _check_text("legal_form", self.legal_form, LEGAL_FORM_LIMIT)
        _check_text("business_scope", self.business_scope, BUSINESS_SCOPE_LIMIT)
        _check_text("address", self.address, ADDRESS_LIMIT)

    def content_hash(self) -> bytes:
        """Return 16 bytes that are equal for equal facts and differ for different ones.

        BLAKE2b-128, personalised `registration v1`, over the fields in the order of their declaration, capital as
        amount (4 decimals) and currency, in UTF-8 with a NUL between two. Each is its text after a `+`, or `-` where
        it is absent. No field can hold a NUL, so no two records share a digest by where one field ends, and an absent
        text differs from an empty one. A change of this rule takes a new version in the personalisation; stored digests
        of the old one then count as changed once.
        """
        capital = self.capital
        parts = (
            self.uscc,
            self.name,
            self.kind.value,
            self.division_code,
            self.bureau.value,
            self.registered_on.isoformat() if self.registered_on else None,
            self.legal_form,
            f"{capital.amount:.{AMOUNT_DECIMALS}f}" if capital else None,
            capital.currency if capital else None,
            self.business_scope,
            self.address,
        )
        content = "\0".join(["-" if part is None else "+" + part for part in parts])
        return blake2b(content.encode(), digest_size=16, person=_HASH_VERSION).digest()

    def effective_on(self, *, known_before: bool, today: date) -> date:
        """Return the day from which these facts hold.

        An entity that wasn't known holds from its registration on, or from today where that day is unknown. A change
        of a known entity holds from today: the sources don't say when it happened.

        Args:
            known_before: whether registration already holds the entity.
            today: the day in Asia/Shanghai.
        """
        if known_before or self.registered_on is None:
            return today
        return self.registered_on


def _check_text(field: str, text: str | None, limit: int) -> None:
    if text is None:
        return
    if len(text) > limit:
        raise ValueError(f"{field} has more than {limit} characters")
    if "\x00" in text:
        raise ValueError(f"{field} holds a NUL character, which the database refuses")
