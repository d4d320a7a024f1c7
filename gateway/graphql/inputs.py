"""Arguments of a field: their shape while a statement is made, their values each time it runs."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import Alias, BindParameter, ColumnElement
from sqlalchemy.types import TypeEngine

from gateway.graphql.bindings import Bindings, Reading
from gateway.graphql.errors import Code, QueryError
from gateway.graphql.limits import MAX_LIST, too_large
from gateway.graphql.rows import Row
from gateway.tables import ReadModelTable

_NO_CHARACTER: Final = re.compile("[\0\ud800-\udfff]")

Word = TypeVar("Word", bound=Enum)


class Making(Protocol):
    """The statement in the making, as far as an argument takes part in it."""

    def relation(self, table: type[ReadModelTable]) -> Alias:
        """Return a table under a new name."""
        ...

    def visible(self, table: type[ReadModelTable], row: Row) -> list[ColumnElement[bool]]:
        """Return the predicates of the caller's scope on a relation."""
        ...

    def bind(self, type_: TypeEngine[Any], value: Reading) -> BindParameter[Any]:
        """Return a parameter whose value is read from each request."""
        ...


@dataclass(frozen=True, slots=True)
class Input:
    """A value among a field's arguments.

    What decides the statement's text may be asked for here: which values are given, and which words they are. All else
    goes through `bind`, so no value of a request is ever part of the text.
    """

    making: Making
    site: int
    _value: Any
    _path: tuple[str, ...] = ()

    def get(self, name: str) -> "Input | None":
        """Return an argument, or a field of an input object; None where it is absent or null."""
        value = self._value.get(name)
        return None if value is None else replace(self, _value=value, _path=(*self._path, name))

    def word(self, name: str, words: type[Word]) -> Word:
        """Return the word of an enum that a required argument is."""
        return words(self._value[name])

    def words(self, name: str, words: type[Word]) -> tuple[Word, ...]:
        """Return the words that a required list argument holds, each once, in their order."""
        return tuple(dict.fromkeys(words(value) for value in self._value[name]))

    @property
    def is_true(self) -> bool:
        """Whether the boolean true is given."""
        return self._value is True

    def read(self, bindings: Bindings) -> Any:
        """Return the value in a request."""
        value: Any = bindings.arguments[self.site]
        for name in self._path:
            value = value[name]
        return value

    def bind(self, type_: TypeEngine[Any], convert: Callable[[Any], Any]) -> BindParameter[Any]:
        """Return a parameter that holds the value, converted."""
        return self.making.bind(type_, lambda bindings: convert(self.read(bindings)))


def clean(text: str) -> str:
    """Return a text that PostgreSQL can hold.

    Raises:
        QueryError: it has a NUL or half of a surrogate pair.
    """
    if _NO_CHARACTER.search(text):
        raise QueryError(
            Code.INPUT,
            "A text has a character that is none: NUL, or half of a surrogate pair.",
            "文本中含有无效字符（NUL 或不完整的代理对）。",
        )
    return text


def clean_list(values: Sequence[str]) -> list[str]:
    """Return texts that PostgreSQL can hold, at most `MAX_LIST` of them.

    Raises:
        QueryError: there are more, or one can't be held.
    """
    if len(values) > MAX_LIST:
        raise too_large(
            f"a list has {len(values)} values of at most {MAX_LIST}", f"列表有{len(values)}个值，上限{MAX_LIST}个"
        )
    return [clean(value) for value in values]


def shape_of(value: object) -> object:
    """Return what of a variable's value may decide a statement's text: it is part of the key of its cache."""
    if value is None or isinstance(value, bool | Enum):
        return value
    if isinstance(value, Mapping):
        return tuple((name, shape_of(one)) for name, one in value.items())
    if isinstance(value, list):
        words = tuple(one for one in value if isinstance(one, Enum))
        return words or list
    return ...
