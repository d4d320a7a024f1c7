"""Schemes and ratings with their evidence, declared on the tables they come from."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry
from sqlalchemy import BigInteger, Numeric, Text, func
from sqlalchemy.dialects.postgresql import JSONB

from contracts.vocabulary import AssessedPart, Bureau, RatingBand, RatingState
from gateway import tables
from gateway.graphql.inner_lists import inner_list
from gateway.graphql.json_sql import as_text
from gateway.graphql.references import LazyOrganisation
from gateway.graphql.rows import joined
from gateway.graphql.sources import column, computed, to_one


def _points(name: str, description: str) -> Any:
    return computed(lambda row: as_text(func.trim_scale(row[name])), description)


@strawberry.type(description="A part of a scheme 评分项目")
class SchemePart:
    """A part of a scheme."""

    part: AssessedPart = column("part", "What is looked at 项目")
    points: Decimal = _points("points", "Points at the most 满分")
    rule: str = column("rule", "How the points are found, in English 计分办法（英文）")
    rule_zh: str = column("rule_zh", "The same in Chinese 计分办法")


@strawberry.type(description="A band of a scheme 等级划分")
class SchemeBand:
    """A band of a scheme."""

    band: RatingBand = column("band", "The band 等级")
    at_least: Decimal = _points("at_least", "From so many points on 最低分")


@strawberry.type(description="A scheme of the fortress index, in its newest edition 堡垒指数评分办法")
class Scheme:
    """A scheme of the fortress index."""

    id: strawberry.ID = column("scheme_id", "Id of the scheme 办法编号")
    version: int = column("version", "Counts its editions from 1 版次")
    name: str = column("name", "Name in English 名称（英文）")
    name_zh: str = column("name_zh", "Name in Chinese 名称")
    source: str = column("source", "What it rests on 依据")
    parts: list[SchemePart] = inner_list(
        "parts",
        {"part": Text(), "points": Numeric(), "rule": Text(), "rule_zh": Text()},
        5,
        "Together all the points there are 评分项目",
    )
    bands: list[SchemeBand] = inner_list(
        "bands", {"band": Text(), "at_least": Numeric()}, 5, "Highest first; the last from 0 on 等级划分"
    )
    valid_from: date = column("valid_from", "First day, Asia/Shanghai 生效日期")
    valid_until: date | None = column("valid_until", "Last day, included; null until the next 失效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which it was published, UTC 发布时间")


@strawberry.type(description="A fact that was looked at, in the version in which it was 所依据的事实")
class Seen:
    """A fact that was looked at."""

    aggregate: str = column("aggregate", "Topic that tells it 主题")
    id: strawberry.ID = column("id", "Its key 编号")
    version: int = column("version", "Its version then 版本")


@strawberry.type(description="Why a part of a rating has its points 评分依据")
class Evidence:
    """Why a part of a rating has its points."""

    part: AssessedPart = column("part", "The part 项目")
    points: Decimal = _points("points", "Points given 得分")
    of: Decimal = _points("of", "Points at the most, by the scheme 满分")
    reason: str = column("reason", "Why, with the figures, in English 理由与数据（英文）")
    reason_zh: str = column("reason_zh", "The same in Chinese 理由与数据")
    seen: list[Seen] = inner_list(
        "seen",
        {"aggregate": Text(), "id": Text(), "version": BigInteger()},
        10,
        "The facts that it rests on 所依据的事实",
    )


@strawberry.type(description="The rating of an organisation by a scheme 堡垒指数评定")
class Rating:
    """The rating of an organisation by a scheme."""

    id: strawberry.ID = column("rating_id", "Id of the rating; one an organisation and scheme 评定编号")
    version: int = column("version", "Counts its changes from 1 版本")
    scheme_version: int = column("scheme_version", "Edition of the scheme by which it was given 评分办法版次")
    points: Decimal = _points("points", "Points together 总分")
    band: RatingBand = column("band", "The band that these reach 等级")
    evidence: list[Evidence] = inner_list(
        "evidence",
        {
            "part": Text(),
            "points": Numeric(),
            "of": Numeric(),
            "reason": Text(),
            "reason_zh": Text(),
            "seen": JSONB(),
        },
        5,
        "Why, a part each; their points make the whole 评分依据",
    )
    state: RatingState = column("state", "WITHDRAWN once the organisation is dissolved 状态")
    division_code: str = column("division_code", "Division of the organisation, 12 digits 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line of the organisation 条线")
    effective_on: date = column("effective_on", "Day from which it holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which it was given, UTC 评定时间")
    organisation: LazyOrganisation | None = to_one(
        tables.Organisation,
        joined("organisation_id", "organisation_id"),
        "The organisation that is rated, where already heard of 党组织",
    )
    scheme: Scheme | None = to_one(
        tables.Scheme,
        joined("scheme_id", "scheme_id"),
        "The scheme in its newest edition, which `schemeVersion` may be older than 评分办法（最新版）",
    )
