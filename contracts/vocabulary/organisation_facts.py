"""Words about what an organisation is made of: its industry, posts, venues, and what it is held up as."""

from contracts.vocabulary.word import Word


class Industry(Word):
    """Industry 产业 of the district's "6+2" (study of district X, 2024), which doesn't name the "+2"."""

    HARDWARE = "HARDWARE", "五金"
    VEHICLES = "VEHICLES", "汽摩"
    INTELLIGENT = "INTELLIGENT", "智能"
    RECYCLING = "RECYCLING", "静脉"
    STRONTIUM = "STRONTIUM", "锶盐"
    CULTURE = "CULTURE", "文创"
    OTHER = "OTHER", "其他"


class PartyPost(Word):
    """Post 党内职务 of a member of a branch or its committee."""

    SECRETARY = "SECRETARY", "书记"
    DEPUTY_SECRETARY = "DEPUTY_SECRETARY", "副书记"
    ORGANISATION_OFFICER = "ORGANISATION_OFFICER", "组织委员"
    PUBLICITY_OFFICER = "PUBLICITY_OFFICER", "宣传委员"
    DISCIPLINE_OFFICER = "DISCIPLINE_OFFICER", "纪检委员"
    COMMITTEE_MEMBER = "COMMITTEE_MEMBER", "委员"


class VenueKind(Word):
    """What a venue 阵地 of an organisation is."""

    SERVICE_CENTRE = "SERVICE_CENTRE", "党群服务中心"
    ACTIVITY_ROOM = "ACTIVITY_ROOM", "党员活动室"
    SHARED = "SHARED", "共享阵地"
    OTHER = "OTHER", "其他阵地"


class Demonstration(Word):
    """What an organisation is held up as 示范."""

    DISTRICT = "DISTRICT", "区级示范"
    MUNICIPAL = "MUNICIPAL", "市级示范"
