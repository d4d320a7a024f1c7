"""Words about what names a person, and about looking at it."""

from contracts.vocabulary.word import Word


class PersonField(Word):
    """What is kept sealed of a person."""

    NAME = "NAME", "姓名"
    ID_NUMBER = "ID_NUMBER", "公民身份号码"
    TELEPHONE = "TELEPHONE", "联系电话"


class LookKind(Word):
    """How somebody looked at what is sealed."""

    REVEAL = "REVEAL", "查看"
    SEARCH = "SEARCH", "检索"


class LookPurpose(Word):
    """What it was looked at for; 个人信息保护法 art. 6 asks for a clear and reasonable purpose."""

    VERIFICATION = "VERIFICATION", "核对党员信息"
    CONTACT = "CONTACT", "联系党员"
    TRANSFER = "TRANSFER", "办理组织关系转接"
    SUBJECT_REQUEST = "SUBJECT_REQUEST", "答复本人查询"
    LAWFUL_REQUEST = "LAWFUL_REQUEST", "依法依规调取"


class DuplicateReason(Word):
    """Why two members may be one person."""

    NAME_AND_BIRTH_MONTH = "NAME_AND_BIRTH_MONTH", "姓名与出生年月相同"
    TELEPHONE = "TELEPHONE", "联系电话相同"
