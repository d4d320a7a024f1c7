"""Structured logs: one JSON object a line on stderr, with the trace it belongs to."""

import logging
import sys
from collections.abc import MutableMapping

import orjson
import structlog
from opentelemetry import trace

from kit.telemetry import ids_of


def _add_trace(_logger: object, _method: str, event: MutableMapping[str, object]) -> MutableMapping[str, object]:
    event.update(ids_of(trace.get_current_span()))
    return event


def _render(event: object, **_options: object) -> str:
    return orjson.dumps(event, default=str).decode()


def set_up(process: str, level: str) -> None:
    """Write every log of this process, libraries' included, as JSON lines naming the process."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(serializer=_render),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for chatty in ("aiokafka", "faststream", "httpcore", "httpx", "urllib3", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of a module."""
    bound: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return bound
