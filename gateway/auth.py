"""Who asks the graph, and what they may see.

A token's bearer sees the divisions that they speak for. Without a token, in development alone, all that the public
register and the counts hold is seen. Members are for 组织部 and 非公工委, with a token that says so.
"""

from typing import Final

from starlette.requests import Request

from contracts.vocabulary import MEMBER_KEEPERS, UNASSIGNED_DIVISION
from gateway.graphql.divisions import UNASSIGNED, DivisionRange
from gateway.graphql.scope import Scope
from kit.callers import Caller, Verifier
from kit.problems import UNAUTHENTICATED, Problem

ANONYMOUS: Final = Scope()
"""What is seen without a token."""


class Scopes:
    """Finds out what the caller of a request may see.

    Args:
        verifier: checks tokens; None where no issuer is set, and then no token holds.
        anonymous: whether a request without a token is answered.
    """

    def __init__(self, verifier: Verifier | None, *, anonymous: bool) -> None:
        self._verifier = verifier
        self._anonymous = anonymous

    async def __call__(self, request: Request) -> Scope:
        """Return what the caller may see.

        Raises:
            Problem: `unauthenticated`, or `unavailable` where the issuer's keys can't be had.
        """
        if "authorization" not in request.headers:
            if self._anonymous:
                return ANONYMOUS
            raise Problem(
                UNAUTHENTICATED,
                "A token is needed: send Authorization: Bearer <token>.",
                "需要身份令牌：请在请求头 Authorization 中提供 Bearer 令牌。",
            )
        if self._verifier is None:
            raise Problem(
                UNAUTHENTICATED,
                "This gateway knows no issuer of tokens. Its operator sets AUTH_ISSUER and AUTH_JWKS.",
                "网关未设置身份签发方，请运维人员设置 AUTH_ISSUER 和 AUTH_JWKS。",
            )
        return scope_of(await self._verifier.caller(request.headers))


def scope_of(caller: Caller) -> Scope:
    """Return what a caller may see."""
    ranges: tuple[DivisionRange, ...] = (DivisionRange.under(caller.division_code),)
    if caller.speaks_for(UNASSIGNED_DIVISION):
        ranges += (UNASSIGNED,)
    return Scope(divisions=ranges, members=caller.role in MEMBER_KEEPERS, role=caller.role)
