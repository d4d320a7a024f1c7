"""Real Apache Kafka and real PostgreSQL on one machine that has nothing but Python, and the process runner."""
