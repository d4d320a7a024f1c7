"""What every service is built with: database, outbox, inbox, consumers, dead letters, timers, telemetry."""
