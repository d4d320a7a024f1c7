"""What every fact of pairing says of itself, in the same words."""

from typing import Final

from pydantic import Field
from pydantic.fields import FieldInfo

VERSION: Final[FieldInfo] = Field(description="Counts its changes from 1; a higher one is newer.")
DIVISION: Final[FieldInfo] = Field(description="行政区划; 000000000000 while unassigned.")
BUREAU: Final[FieldInfo] = Field(description="The bureau line 条.")
EFFECTIVE: Final[FieldInfo] = Field(description="Day from which this state holds, Asia/Shanghai.")
RECORDED: Final[FieldInfo] = Field(description="Moment at which pairing recorded it, UTC.")
