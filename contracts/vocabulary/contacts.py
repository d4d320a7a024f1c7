"""Words about contacts 联系人 of an entity."""

from contracts.vocabulary.word import Word


class ContactRole(Word):
    """What a contact is to their entity."""

    INVESTOR = "INVESTOR", "出资人"
    PERSON_IN_CHARGE = "PERSON_IN_CHARGE", "负责人"


class PartyMembership(Word):
    """Whether somebody is a member of the Party."""

    YES = "YES", "是党员"
    NO = "NO", "非党员"
    UNKNOWN = "UNKNOWN", "不详"


class ContactState(Word):
    """Whether somebody is a contact still."""

    ACTIVE = "ACTIVE", "在任"
    ENDED = "ENDED", "已结束"
