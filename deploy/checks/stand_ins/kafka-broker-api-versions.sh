#!/bin/sh
# As the official image has it at this path.
exec /opt/java/bin/java -XX:TieredStopAtLevel=1 -Xmx64m -cp '/opt/kafka/libs/*' \
  org.apache.kafka.tools.BrokerApiVersionsCommand "$@"
