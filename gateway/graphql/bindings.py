"""What one request binds to a statement that was made for its document."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from gateway.graphql.scope import Scope


@dataclass(frozen=True, slots=True)
class Bindings:
    """What one request binds: the arguments of every field that has some, and the caller's scope."""

    arguments: Sequence[Mapping[str, Any]]
    scope: Scope


Reading: TypeAlias = Callable[[Bindings], Any]
"""Reads a value of a request, for a parameter or a cost; raises QueryError where it can't be used."""
