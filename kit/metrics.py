"""Prometheus metrics of every process, under one set of names."""

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
TIMERS_FIRED: Final = Counter("lianhe_timers_fired_total", "Durable timers that fired.", ["service", "process"])
