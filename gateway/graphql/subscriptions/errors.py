"""Why a subscription is refused, or ends: a code, English, Chinese, and the way out."""

from enum import StrEnum

from graphql import GraphQLError


class Ended(StrEnum):
    """The `extensions.code` of an error that only subscriptions have."""

    POSITION = "BAD_POSITION"
    """The position in `after` is none of this log."""
    POSITION_TOO_OLD = "POSITION_TOO_OLD"
    """What followed it is deleted."""
    TOO_SLOW = "SUBSCRIBER_TOO_SLOW"
    TOO_MANY = "TOO_MANY_SUBSCRIPTIONS"
    AWAY = "SERVICE_UNAVAILABLE"


class SubscriptionError(GraphQLError):
    """An error that a subscriber is told as it is."""

    def __init__(self, code: Ended, message: str, message_zh: str) -> None:
        super().__init__(message, extensions={"code": code.value, "messageZh": message_zh})


def too_old(after: int) -> SubscriptionError:
    """Return the error of a position whose followers are deleted."""
    return SubscriptionError(
        Ended.POSITION_TOO_OLD,
        f"The changes that followed position {after} are deleted: they are kept for seven days. Read changePosition "
        "and everything anew in one query, then subscribe after that position.",
        f"位置 {after} 之后的变更已删除（变更保留七天）。"
        "请在一个查询中重新读取 changePosition 和全部数据，再从该位置订阅。",
    )


def ahead(after: int) -> SubscriptionError:
    """Return the error of a position that the log has not reached."""
    return SubscriptionError(
        Ended.POSITION,
        f"Position {after} is ahead of the log: it is of another one. Read changePosition and everything anew in one "
        "query, then subscribe after that position.",
        f"位置 {after} 超前于变更日志，不属于当前日志。"
        "请在一个查询中重新读取 changePosition 和全部数据，再从该位置订阅。",
    )


def too_slow() -> SubscriptionError:
    """Return the error of a subscriber that takes changes slower than they come."""
    return SubscriptionError(
        Ended.TOO_SLOW,
        "Changes come faster than you take them, so this subscription ends. Subscribe again, with the position of the "
        "last change that you have as after.",
        "接收速度低于变更速度，订阅已结束。请以最后收到的 position 作为 after 重新订阅。",
    )


def too_many(most: int) -> SubscriptionError:
    """Return the error of one more operation than a connection may have."""
    return SubscriptionError(
        Ended.TOO_MANY,
        f"This connection has {most} operations under way, the most there may be: complete one first.",
        f"该连接已有 {most} 个进行中的操作，达到上限，请先结束其中之一。",
    )


def away() -> SubscriptionError:
    """Return the error of a gateway that can't read the changes."""
    return SubscriptionError(
        Ended.AWAY,
        "The changes can't be read right now. Subscribe again in a moment, with the position of the last change that "
        "you have as after.",
        "暂时无法读取变更。请稍后以最后收到的 position 作为 after 重新订阅。",
    )
