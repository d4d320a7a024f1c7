"""What every event has in common: the rules for its data, and its place in the catalogue."""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

DivisionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
Uscc = Annotated[str, StringConstraints(pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$")]
Version = Annotated[int, Field(ge=1, le=2**53 - 1)]
RecordedAt = AwareDatetime


class EventData(BaseModel):
    """Data of one event: the whole state of its aggregate after the fact.

    Unknown fields are ignored, so that a producer may add optional ones before its consumers know them. The class
    attributes place the event in the catalogue and are no part of the data.
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
