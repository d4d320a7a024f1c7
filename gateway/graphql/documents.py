"""Query texts, parsed and validated once each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    get_variable_values,
    parse,
    validate,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues

from gateway.graphql.caching import BoundedCache
from gateway.graphql.errors import Code, QueryError, RequestError, coded, nameless
from gateway.graphql.limits import MAX_TOKENS, check_document, check_text

_CACHE_CHARACTERS: Final = 512 * 1024
"""Query text kept parsed; a syntax tree takes about 200 times its text."""


@dataclass(frozen=True, slots=True)
class Document:
    """A valid document."""

    text: str
    node: DocumentNode
    operations: Mapping[str, OperationDefinitionNode]
    fragments: dict[str, FragmentDetails]


@dataclass(frozen=True, slots=True)
class Request:
    """One operation to run, its variables coerced to the schema's types."""

    document: Document
    operation: OperationDefinitionNode
    variables: VariableValues
    raw_variables: dict[str, object]

    @property
    def operation_name(self) -> str:
        """Name of the operation, empty where it has none."""
        return self.operation.name.value if self.operation.name else ""


class Documents:
    """Parses and validates against one schema, and remembers what was valid."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._valid: BoundedCache[str, Document] = BoundedCache(_CACHE_CHARACTERS)

    def document(self, text: str) -> Document:
        """Return the document of a query text.

        Raises:
            RequestError: the text is too large, not GraphQL, or not valid against the schema.
        """
        document = self._valid.get(text)
        if document is None:
            document = self._read(text)
            self._valid.put(text, document, len(text))
        return document

    def request(self, document: Document, operation_name: str | None, variables: dict[str, object]) -> Request:
        """Choose the operation and coerce its variables.

        Raises:
            RequestError: no operation is meant, or a variable does not fit its type.
        """
        operation = _chosen(document, operation_name)
        coerced = get_variable_values(
            self._schema, operation.variable_definitions or (), variables, max_errors=10, hide_suggestions=False
        )
        if isinstance(coerced, list):
            raise RequestError([coded(error, Code.INPUT) for error in coerced])
        return Request(document, operation, coerced, variables)

    def _read(self, text: str) -> Document:
        try:
            check_text(text)
            node = parse(text, max_lexical_tokens=MAX_TOKENS)
            check_document(node)
        except GraphQLSyntaxError as error:
            raise RequestError([coded(error, Code.SYNTAX)]) from error
        except QueryError as error:
            raise RequestError([error]) from error
        errors = validate(self._schema, node, max_errors=20)
        if errors:
            raise RequestError([coded(error, Code.VALIDATION) for error in errors])
        return Document(
            text,
            node,
            {
                (one.name.value if one.name else ""): one
                for one in node.definitions
                if isinstance(one, OperationDefinitionNode)
            },
            {
                one.name.value: FragmentDetails(one)
                for one in node.definitions
                if isinstance(one, FragmentDefinitionNode)
            },
        )


def _chosen(document: Document, name: str | None) -> OperationDefinitionNode:
    operations = document.operations
    if name:
        if name in operations:
            return operations[name]
        asked = nameless(name)[:80]
        raise _no_operation(f"The document has no operation {asked!r}.", f"文档中没有名为“{asked}”的操作。")
    if len(operations) == 1:
        return next(iter(operations.values()))
    if not operations:
        raise _no_operation("The document has no operation.", "文档中没有操作。")
    raise _no_operation(
        "The document has several operations: say which one by operationName.",
        "文档中有多个操作，请用 operationName 指明。",
    )


def _no_operation(message: str, message_zh: str) -> RequestError:
    return RequestError([QueryError(Code.OPERATION, message, message_zh)])
