# A broker from the project's own jars and Java, where apache/kafka can't be pulled. It takes the same settings.
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
COPY jars /opt/kafka/libs
COPY java /opt/java
COPY kafka.py /opt/kafka/kafka.py
COPY kafka-broker-api-versions.sh /opt/kafka/bin/kafka-broker-api-versions.sh
RUN mkdir -p /var/lib/kafka/data && chown -R 1000:1000 /var/lib/kafka
USER 1000:1000
ENTRYPOINT ["python3", "/opt/kafka/kafka.py"]
