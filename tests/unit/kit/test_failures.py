"""What an error asks for: refused data, a server to wait for, a rollout to wait for, or broken code."""

import asyncpg
import pytest
from sqlalchemy import exc

from kit.database import Failure, failure_of


def _wrapped(error: Exception) -> exc.DBAPIError:
    return exc.DBAPIError("SELECT 1", None, error)


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (asyncpg.CharacterNotInRepertoireError("invalid byte sequence: 0x00"), Failure.DATA),
        (asyncpg.NumericValueOutOfRangeError("bigint out of range"), Failure.DATA),
        (asyncpg.UniqueViolationError("duplicate key"), Failure.DATA),
        (asyncpg.DataError("invalid input for query argument $1"), Failure.DATA),
        (asyncpg.DeadlockDetectedError("deadlock detected"), Failure.RETRY),
        (asyncpg.SerializationError("could not serialize access"), Failure.RETRY),
        (asyncpg.ConnectionDoesNotExistError("connection was closed"), Failure.RETRY),
        (asyncpg.DiskFullError("no space left on device"), Failure.RETRY),
        (asyncpg.TooManyConnectionsError("sorry, too many clients"), Failure.RETRY),
        (asyncpg.LockNotAvailableError("canceling statement due to lock timeout"), Failure.RETRY),
        (asyncpg.AdminShutdownError("terminating connection"), Failure.RETRY),
        (asyncpg.CannotConnectNowError("the database system is starting up"), Failure.RETRY),
        (asyncpg.InterfaceError("connection is closed"), Failure.RETRY),
        (exc.InterfaceError("SELECT 1", None, asyncpg.InterfaceError("connection is closed")), Failure.RETRY),
        (ConnectionRefusedError("refused"), Failure.RETRY),
        (TimeoutError(), Failure.RETRY),
        (asyncpg.UndefinedTableError("relation does not exist"), Failure.MISMATCH),
        (asyncpg.InsufficientPrivilegeError("permission denied"), Failure.MISMATCH),
        (asyncpg.InvalidCachedStatementError("cached statement plan is invalid"), Failure.MISMATCH),
        (asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"), Failure.RETRY),
        (asyncpg.OutdatedSchemaCacheError("the type cache is out of date"), Failure.MISMATCH),
        (KeyError("amount"), Failure.CODE),
        (ValueError("no such thing"), Failure.CODE),
    ],
)
def test_an_error_asks_for_the_same_whether_the_driver_or_sqlalchemy_raises_it(
    error: Exception, failure: Failure
) -> None:
    assert failure_of(error) is failure
    if isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError):
        assert failure_of(_wrapped(error)) is failure


def test_what_an_error_was_raised_from_decides() -> None:
    error = ValueError("could not store")
    error.__cause__ = asyncpg.DeadlockDetectedError("deadlock detected")
    assert failure_of(error) is Failure.RETRY


def test_an_error_that_only_came_up_while_another_was_handled_stands_for_itself() -> None:
    error = KeyError("amount")
    error.__context__ = asyncpg.DeadlockDetectedError("deadlock detected")
    assert failure_of(error) is Failure.CODE
