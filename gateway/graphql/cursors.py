"""Keyset cursors: the place of a row in an order, written by PostgreSQL, read here.

A cursor is base64url of `checksum || "<order>:<row id>:<sort key>"`. It is opaque to a client but no secret: scope and
filters hold whatever place it names. The checksum tells a damaged cursor from a good one.
"""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, LargeBinary, Text, func, literal_column

from gateway.graphql.errors import Code, QueryError
from gateway.graphql.json_sql import as_text

_CHECKSUM_BYTES: Final = 6


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an order: the sort key, and the row's id."""

    key: object
    row_id: object


def cursor(order: str, key: ColumnElement[Any], row_id: ColumnElement[Any]) -> ColumnElement[str]:
    """Return the SQL expression of a row's cursor.

    Args:
        order: Name of the order, of letters, digits, `_` and `.`; a cursor serves only the order it comes from.
        key: The sort key; dates are written in ISO form, which the pool's DateStyle sees to.
        row_id: The row's id.
    """
    named = func.concat(literal_column(f"'{order}:'"), as_text(row_id), literal_column("':'"), as_text(key))
    payload = func.convert_to(named, literal_column("'UTF8'"), type_=LargeBinary)
    checksum = func.substr(func.sha256(payload), literal_column("1"), literal_column(str(_CHECKSUM_BYTES)))
    encoded = func.encode(checksum.op("||")(payload), literal_column("'base64'"))
    return func.translate(encoded, literal_column(r"E'+/=\n'"), literal_column("'-_'"), type_=Text)


def place(order: str, text: str, key: Callable[[str], object], row_id: Callable[[str], object]) -> Place:
    """Read a cursor.

    Args:
        order: Name of the order that is asked for.
        text: The cursor.
        key: Makes a sort key of its text; raises ValueError where it can't.
        row_id: Makes a row's id of its text; raises ValueError where it can't.

    Raises:
        QueryError: it is damaged, or comes from another order.
    """
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        checksum, payload = raw[:_CHECKSUM_BYTES], raw[_CHECKSUM_BYTES:]
        if hashlib.sha256(payload).digest()[:_CHECKSUM_BYTES] != checksum:
            raise _damaged()
        found, id_text, key_text = payload.decode().split(":", 2)
        if found == order:
            return Place(key(key_text), row_id(id_text))
    except ValueError:
        raise _damaged() from None
    raise QueryError(
        Code.CURSOR,
        f"The cursor comes from a list in another order ({found[:60]}): keep the sort, or start without it.",
        f"游标来自另一种排序（{found[:60]}），请保持排序不变，或不带游标重新查询。",
    )


def _damaged() -> QueryError:
    return QueryError(
        Code.CURSOR,
        "The cursor is damaged: use one as it was given, or start without it.",
        "游标已损坏，请原样使用返回的游标，或不带游标重新查询。",
    )
