"""Mandates 授权: who may act as what, where, until when. The ledgers own them; every service keeps a copy.

The issuer's token says what its bearer acts as. A mandate narrows that: whoever was ever given one acts only within
those that are in force, so that revoking it, or its last day, ends what a token that is still valid could do. Whoever
has none acts as the token says.
"""

from datetime import date
from typing import Final

from contracts.vocabulary import MandateState, divisions_under
from kit.callers import Caller
from kit.database import Connection
from kit.problems import FORBIDDEN, Problem

_OF_SUBJECT: Final = """
    SELECT role, bureau, division_code, state = $3 AND valid_from <= $2 AND (valid_until IS NULL OR valid_until >= $2)
        AS in_force
    FROM mandate WHERE subject = $1
"""


async def refuse_beyond_mandate(connection: Connection, caller: Caller, today: date) -> None:
    """Refuse a caller who has mandates, but none in force for what the token says.

    Args:
        connection: of the open transaction.
        caller: as the token says.
        today: in Asia/Shanghai.

    Raises:
        Problem: `forbidden`.
    """
    rows = await connection.fetch(_OF_SUBJECT, caller.subject, today, MandateState.IN_FORCE.value)
    if not rows:
        return
    for row in rows:
        first, last = divisions_under(row["division_code"])
        if (
            row["in_force"]
            and row["role"] == caller.role.value
            and first <= caller.division_code <= last
            and row["bureau"] in {None, caller.bureau}
        ):
            return
    raise Problem(
        FORBIDDEN,
        f"No mandate in force lets this account act as {caller.role.value} for {caller.division_code}. Ask the "
        "district for one, or for a token within the mandate.",
        f"该账号没有以“{caller.role.zh}”身份在{caller.division_code}行事的有效授权。请向区级申请授权，或使用授权范围内的令牌。",
    )
