"""Prometheus metrics of every process, under one set of names; docs/metrics.md lists them."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

LAG_RECORDS: Final = Gauge(
    "lianhe_consumer_lag_records", "Records not yet taken in.", ["consumer", "topic", "partition"]
)
LAG_SECONDS: Final = Gauge(
    "lianhe_consumer_lag_seconds", "Age of the newest record taken in while there is lag, else 0.", ["consumer"]
)
BATCH_RECORDS: Final = Histogram(
    "lianhe_batch_records", "Records a batch.", ["consumer"], buckets=(1, 5, 10, 50, 100, 250, 500, 1000, 2000)
)
BATCH_SECONDS: Final = Histogram(
    "lianhe_batch_seconds",
    "Time a batch, its transaction and its retries included.",
    ["consumer"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60),
)
RECORDS: Final = Counter("lianhe_records_total", "Records by what became of them.", ["consumer", "outcome"])
DEAD_LETTERS: Final = Counter("lianhe_dead_letters_total", "Records set aside.", ["consumer", "reason"])
REDRIVEN: Final = Counter(
    "lianhe_dead_letters_redriven_total", "Dead letters that were taken in after all.", ["consumer"]
)
FAILED_AGAIN: Final = Counter(
    "lianhe_dead_letters_failed_again_total",
    "Dead letters that failed when they were redriven.",
    ["consumer", "reason"],
)
HELD_PARTITIONS: Final = Gauge(
    "lianhe_held_partitions", "Partitions held at an event that only a newer release reads.", ["consumer"]
)
HALTED: Final = Gauge("lianhe_consumer_halted", "1 where too many dead letters stopped a consumer.", ["consumer"])
OUTBOX_DEPTH: Final = Gauge("lianhe_outbox_depth", "Events waiting in the outbox.", ["service"])
OUTBOX_AGE_SECONDS: Final = Gauge(
    "lianhe_outbox_age_seconds", "Age of the oldest event in the outbox, else 0.", ["service"]
)
RELAYED: Final = Counter("lianhe_relayed_total", "Events sent to Kafka.", ["service"])
RELAY_LEADER: Final = Gauge("lianhe_relay_leader", "1 where this relay is the active one.", ["service"])
TIMERS_FIRED: Final = Counter("lianhe_timers_fired_total", "Durable timers that fired.", ["service", "timer"])
DELAY_SECONDS: Final = Histogram(
    "lianhe_event_delay_seconds",
    "Time from when a fact was recorded to when a consumer's batch with it was committed; the oldest fact of a batch.",
    ["consumer"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600, 86400),
)
HTTP_REQUESTS: Final = Counter(
    "lianhe_http_requests_total", "HTTP requests answered, by template of the route.", ["route", "method", "status"]
)
HTTP_SECONDS: Final = Histogram(
    "lianhe_http_request_seconds",
    "Time of an HTTP request.",
    ["route", "method"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
)
GRAPH_REQUESTS: Final = Counter(
    "lianhe_graph_requests_total", "Operations of the graph, by kind and what became of them.", ["kind", "outcome"]
)
GRAPH_SECONDS: Final = Histogram(
    "lianhe_graph_request_seconds",
    "Time of a query or mutation; a mutation waits for the read model.",
    ["kind"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
GRAPH_ERRORS: Final = Counter("lianhe_graph_errors_total", "Errors in answers of the graph.", ["code"])
CONNECTIONS_OPEN: Final = Gauge("lianhe_websocket_connections", "WebSocket connections that are open.")
CONNECTIONS_LIMIT: Final = Gauge("lianhe_websocket_limit", "WebSocket connections that a process takes.")
SUBSCRIPTIONS_OPEN: Final = Gauge("lianhe_subscriptions", "Subscriptions under way.")
CHANGES_DELIVERED: Final = Counter("lianhe_changes_delivered_total", "Changes sent to subscribers.")
POOL_LIMIT: Final = Gauge("lianhe_pool_limit", "Connections that a pool may open.", ["pool"])
POOL_BUSY: Final = Gauge("lianhe_pool_busy", "Connections of a pool that are in use.", ["pool"])
POOL_WAIT_SECONDS: Final = Histogram(
    "lianhe_pool_wait_seconds",
    "Time a transaction waited for a connection.",
    ["pool"],
    buckets=(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30),
)
LOOP_LAG_SECONDS: Final = Histogram(
    "lianhe_event_loop_lag_seconds",
    "How much later than meant the event loop ran a timer, once a second.",
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
)
