"""How large a request may be: its text, its depth, its fields, the rows it may ask for."""

from collections.abc import Mapping
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from gateway.graphql.errors import Code, QueryError, RequestError

MAX_QUERY_BYTES: Final = 64 * 1024
MAX_TOKENS: Final = 10_000
MAX_DEPTH: Final = 12
"""Fields inside one another; those of introspection are not counted, since the standard query goes deeper."""
MAX_FIELDS: Final = 500
"""Fields of an operation, aliases and repetitions by fragments included."""
MAX_LIST: Final = 500
"""Rows of a page, and values of one list argument."""
DEFAULT_PAGE: Final = 50
MAX_COST: Final = 5_000
"""Rows that one request may ask for: page sizes, multiplied where lists stand in lists, added where side by side."""
COUNT_COST: Final = 500
"""What counting costs: it reads every row that the filter leaves, so as much as the largest page."""

_MAX_NESTING: Final = 64
"""Selection sets inside one another, fragments included: none that is within the depth needs as many."""


def check_text(query: str) -> None:
    """Refuse a query text that is too long.

    Raises:
        QueryError: it has more than 64 KiB as UTF-8.
    """
    size = len(query.encode())
    if size > MAX_QUERY_BYTES:
        raise too_large(
            f"its text has {size} bytes of at most {MAX_QUERY_BYTES}", f"查询文本{size}字节，上限{MAX_QUERY_BYTES}字节"
        )


def check_document(document: DocumentNode) -> None:
    """Refuse a document with an operation that is too deep or has too many fields, before it is validated.

    Validation compares fields with one another, so it must not see more of them than this.

    Raises:
        QueryError: naming the limit that is passed.
    """
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    measure = _Measure(fragments)
    for node in document.definitions:
        if isinstance(node, FragmentDefinitionNode | OperationDefinitionNode):
            fields, depth = measure.selection(node.selection_set, 1)
            if isinstance(node, OperationDefinitionNode) and depth > MAX_DEPTH:
                raise too_large(
                    f"it is {depth} fields deep of at most {MAX_DEPTH}", f"嵌套{depth}层，上限{MAX_DEPTH}层"
                )
            if fields > MAX_FIELDS:
                raise too_large(
                    f"it has {fields} fields of at most {MAX_FIELDS}", f"字段{fields}个，上限{MAX_FIELDS}个"
                )


class Budget:
    """What one request may still cost."""

    def __init__(self) -> None:
        self._spent = 0

    def spend(self, cost: int) -> None:
        """Take a statement's cost.

        Raises:
            RequestError: the request costs too much altogether, so none of it is answered.
        """
        self._spent += cost
        if self._spent > MAX_COST:
            raise RequestError(
                [
                    too_large(
                        f"it may read {self._spent} rows of at most {MAX_COST}",
                        f"最多可能读取{self._spent}行，上限{MAX_COST}行",
                    )
                ]
            )


def too_large(what: str, what_zh: str) -> QueryError:
    """Return the error of a request that passes a limit."""
    return QueryError(Code.TOO_LARGE, f"The query is too large: {what}.", f"查询过大：{what_zh}。")


class _Measure:
    """Counts fields and depth, each fragment once, whatever the number of its spreads."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, tuple[int, int]] = {}

    def selection(self, selection: SelectionSetNode, nesting: int) -> tuple[int, int]:
        if nesting > _MAX_NESTING:
            raise too_large(f"it nests more than {_MAX_NESTING} selections", f"选择集嵌套超过{_MAX_NESTING}层")
        fields, depth = 0, 0
        for node in selection.selections:
            if isinstance(node, FieldNode):
                below = self.selection(node.selection_set, nesting + 1) if node.selection_set else (0, 0)
                inner_fields, inner_depth = below[0] + 1, below[1] + 1
                if node.name.value in {"__schema", "__type"}:
                    inner_depth = 1
            elif isinstance(node, FragmentSpreadNode):
                inner_fields, inner_depth = self._fragment(node.name.value, nesting)
            elif isinstance(node, InlineFragmentNode):
                inner_fields, inner_depth = self.selection(node.selection_set, nesting + 1)
            else:
                raise TypeError(f"{node.kind} is no selection")
            fields, depth = fields + inner_fields, max(depth, inner_depth)
        return fields, depth

    def _fragment(self, name: str, nesting: int) -> tuple[int, int]:
        if name not in self._known:
            self._known[name] = (0, 0)  # what a fragment that spreads itself counts; validation refuses it
            if name in self._fragments:
                self._known[name] = self.selection(self._fragments[name].selection_set, nesting + 1)
        return self._known[name]
