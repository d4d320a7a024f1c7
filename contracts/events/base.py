"""What every event has in common: the rules for its data, and its place in the catalogue."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, ClassVar, Final

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

MOMENT_PATTERN: Final = (
    r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?Z$"
)
"""A moment on the wire: RFC 3339, always in UTC and written with Z."""

AMOUNT_PATTERN: Final = r"^(0|[1-9][0-9]{0,15})(\.[0-9]{1,4})?$"
"""An amount on the wire: a string of digits, never a JSON number, which many readers round to a double."""

POINTS_PATTERN: Final = r"^(0|[1-9][0-9]{0,5})(\.[0-9]{1,2})?$"
"""Points on the wire: a string, as an amount."""


def _write_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _write_amount(amount: Decimal) -> str:
    return f"{abs(amount):f}"


DivisionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
Uscc = Annotated[str, StringConstraints(pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$")]
Version = Annotated[int, Field(ge=1, le=2**53 - 1)]
RecordedAt = Annotated[
    AwareDatetime,
    PlainSerializer(_write_moment, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": MOMENT_PATTERN}),
]
"""A moment. Read with any offset, written in UTC."""
Amount = Annotated[
    Decimal,
    Field(ge=0, max_digits=20, decimal_places=4),
    PlainSerializer(_write_amount, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": AMOUNT_PATTERN}),
]
"""An amount of money, not negative: up to 16 digits before the point and 4 after it, written plainly (no exponent)."""

Points = Annotated[
    Decimal,
    Field(ge=0, max_digits=8, decimal_places=2),
    PlainSerializer(_write_amount, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": POINTS_PATTERN}),
]
"""Points of an assessment, not negative: up to 6 digits before the point and 2 after it."""


class EventData(BaseModel):
    """Data of one event: the whole state of its aggregate after the fact.

    Unknown fields are ignored, so that a producer may add optional ones before its consumers know them. On the wire
    a field without a value is left out, never null (`model_dump_json(exclude_none=True)`); a reader takes null as
    absent. So a field that may be None has None as its default. The class attributes place the event in the
    catalogue and are no part of the data.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=False)

    event_type: ClassVar[str]
    """CloudEvents type: `cn.lianhe.<service>.<aggregate>.<past-tense>.v<n>`."""
    topic: ClassVar[str]
    """Name of the topic that carries it; its file is `contracts/topics/<topic>.yaml`."""
    meaning: ClassVar[str]
    """One English sentence saying what happened."""
    meaning_zh: ClassVar[str]
    """The same in Chinese."""

    @property
    def key(self) -> str:
        """Record key on the topic: the aggregate's id."""
        raise NotImplementedError


class Explained(EventData):
    """A reason: a word for programs, and a sentence in each language."""

    reason: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z_]+$"), Field(description="A word for programs.")]
    text: Annotated[str, StringConstraints(max_length=500), Field(description="In English.")]
    text_zh: Annotated[str, StringConstraints(max_length=500), Field(description="说明.")]
