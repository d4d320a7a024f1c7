"""Lists inside an event, as the JSON text of a `jsonb` column."""

from collections.abc import Sequence

from contracts.events.base import EventData


def json_list(items: Sequence[EventData]) -> str:
    """Return a list as JSON text, in its order; what an item has no value for is left out, as on the wire."""
    return f"[{','.join(item.model_dump_json(exclude_none=True) for item in items)}]"
