"""Every setting that there is, for a process to refuse a misspelt one; a test holds it against the classes.

A list and not the classes: no process loads the settings of all others, and what those need.
"""

from typing import Final

KNOWN: Final = frozenset(
    {
        "ASSESSMENT_URL",
        "AUTH_ISSUER",
        "AUTH_JWKS",
        "BATCH_SIZE",
        "CORS_ORIGINS",
        "DATABASE_URL_ASSESSMENT",
        "DATABASE_URL_GATEWAY",
        "DATABASE_URL_LEDGERS",
        "DATABASE_URL_PAIRING",
        "DATABASE_URL_REGISTRATION",
        "DEAD_LETTER_KEY",
        "EVIDENCE_MAX_BYTES",
        "GATEWAY_URL",
        "HTTP_HOST",
        "HTTP_PORT",
        "INSTANCE_ID",
        "KAFKA_BOOTSTRAP_SERVERS",
        "KAFKA_TLS_DIRECTORY",
        "KAFKA_TOPIC_PREFIX",
        "LEDGERS_URL",
        "LIANHE_CACHE",
        "LIANHE_DATA",
        "LIANHE_ENVIRONMENT",
        "LIANHE_MAVEN_REPOSITORY",
        "LIANHE_MIN_FREE_MB",
        "LIANHE_POSTGRES_ACCOUNT",
        "LIANHE_SET_UP_STARTED",
        "LIANHE_TOKEN",
        "LIANHE_TRACES",
        "LOG_LEVEL",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_ZIPKIN_ENDPOINT",
        "PAIRING_URL",
        "PERSONAL_DATA_KEY",
        "PERSONAL_DATA_KEYS_FORMER",
        "POSTGRES_ADMIN_URL",
        "REGISTRATION_URL",
        "TRACE_SAMPLE_RATIO",
    }
)
