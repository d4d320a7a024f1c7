"""Messages of the protocol graphql-transport-ws that clients send, checked before anything is done with them."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

_Object = dict[str, Any]
_Id = Annotated[str, StringConstraints(min_length=1)]


class _Message(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Connection(_Message):
    type: Literal["connection_init", "ping", "pong"]
    payload: _Object | None = None


class _Complete(_Message):
    type: Literal["complete"]
    id: _Id


class _Operation(_Message):
    query: str
    operationName: str | None = None  # noqa: N815 - as the protocol names it
    variables: _Object | None = None
    extensions: _Object | None = None


class _Subscribe(_Message):
    type: Literal["subscribe"]
    id: _Id
    payload: _Operation


_MESSAGE: Final[TypeAdapter[_Connection | _Complete | _Subscribe]] = TypeAdapter(
    Annotated[_Connection | _Complete | _Subscribe, Field(discriminator="type")]
)


def malformed(message: object) -> str | None:
    """Say what of a message is not as the protocol says; None where all is.

    Args:
        message: What a client sent, out of its JSON.
    """
    try:
        _MESSAGE.validate_python(message)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        return f"Invalid message 消息无效{place and f' ({place})'}: {first['msg']}"
    return None


def authorization(payload: Mapping[str, object]) -> str | None:
    """Return the header that the payload of `connection_init` stands for; None where it holds none.

    Browsers can't send headers with a WebSocket. The name is taken in any case, as that of a header is.
    """
    for name, value in payload.items():
        if name.lower() == "authorization" and isinstance(value, str):
            return value
    return None
