"""Names that go into the text of a statement."""

import pytest
from sqlalchemy import literal_column

from gateway.graphql.json_sql import JsonObject, name_literal
from gateway.read_model import checked


@pytest.mark.parametrize("name", ["", "a'b", "a b", "1a", "名", "a\n", "a-b"])
def test_what_is_no_graphql_name_does_not_get_into_a_statement(name: str) -> None:
    with pytest.raises(ValueError, match="is no GraphQL name"):
        JsonObject([(name, literal_column("1"))])
    with pytest.raises(ValueError, match="is no GraphQL name"):
        name_literal(name)


@pytest.mark.parametrize("name", ["", "public", "model_0", "model_1; DROP", "model_01", "MODEL_1", "model_1\n"])
def test_what_is_no_build_does_not_get_into_a_statement(name: str) -> None:
    with pytest.raises(ValueError, match="is no build of the read model"):
        checked(name)
