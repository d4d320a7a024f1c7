"""The closed word lists of the vocabulary as GraphQL enums, each word described by its Chinese term."""

from typing import TypeVar

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from contracts.vocabulary import Bureau, EntityKind, EntityState

WordList = TypeVar("WordList", EntityKind, EntityState, Bureau)


def _described(words: type[WordList], description: str) -> None:
    strawberry.enum(words, description=description)
    definition: StrawberryEnumDefinition = words.__strawberry_definition__  # type: ignore[attr-defined] # set above
    for value in definition.values:
        value.description = words[value.name].zh


_described(EntityKind, "What a market entity counts as 市场主体类别")
_described(EntityState, "State of a registration 登记状态")
_described(Bureau, "The bureau line that registered an entity 条线")
