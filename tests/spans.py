"""Spans, as somebody who reads them sees them."""

import json

from opentelemetry.sdk.trace import ReadableSpan


def written_out(span: ReadableSpan) -> str:
    """Return all that a span holds as text. The SDK's own JSON escapes Chinese, where no search would find a name."""
    return str(json.loads(span.to_json()))
