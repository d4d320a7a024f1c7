"""A collector of traces, as any is: it takes spans in over OTLP and HTTP."""

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True, slots=True)
class Seen:
    """A span as it arrived."""

    service: str
    name: str
    trace: bytes
    span: bytes
    parent: bytes
    attributes: str


class Collector:
    """Takes spans in.

    Attributes:
        spans: as they arrived, over HTTP.
        sent: the requests' bodies, whole: names, attributes, events and links of every span.
    """

    def __init__(self) -> None:
        self.spans: list[Seen] = []
        self.sent: list[bytes] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                collector.sent.append(body)
                request = ExportTraceServiceRequest()
                request.ParseFromString(body)
                for resource in request.resource_spans:
                    service = {one.key: one.value.string_value for one in resource.resource.attributes}["service.name"]
                    for scope in resource.scope_spans:
                        collector.spans += [
                            Seen(service, one.name, one.trace_id, one.span_id, one.parent_span_id, str(one.attributes))
                            for one in scope.spans
                        ]
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                return

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take no more in."""
        self._server.shutdown()
        self._server.server_close()
