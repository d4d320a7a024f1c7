"""Words about members 党员."""

from typing import Final

from contracts.vocabulary.word import Word

FEWEST_SHOWN: Final = 3
"""The least number of members, over none, that is told to everybody: one or two may name a person."""


class MemberStanding(Word):
    """Standing of a member 党员."""

    FULL = "FULL", "正式党员"
    PROBATIONARY = "PROBATIONARY", "预备党员"


class MemberState(Word):
    """Whether a member counts."""

    ACTIVE = "ACTIVE", "在册"
    LEFT = "LEFT", "已出册"


class LeavingReason(Word):
    """Why a member counts here no more."""

    DEATH = "DEATH", "去世"
    RESIGNED = "RESIGNED", "退党"
    REMOVED = "REMOVED", "除名"
    EXPELLED = "EXPELLED", "开除党籍"
    DISQUALIFIED = "DISQUALIFIED", "取消预备党员资格"
    TRANSFERRED_OUT = "TRANSFERRED_OUT", "转往区外"
    MERGED = "MERGED", "重复记录并入"
