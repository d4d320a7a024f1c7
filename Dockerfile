# One image for every process: the arguments of `lianhe` say which (`serve ledgers --role relay`, `migrate`, `topics`).
# Both bases are arguments: a Python ≥ 3.11, for building with pip. `make compose-check` gives its own where no image
# can be pulled.
ARG BASE_IMAGE=python:3.11.13-slim-bookworm
ARG BUILD_IMAGE=${BASE_IMAGE}

FROM ${BUILD_IMAGE} AS build
WORKDIR /opt/lianhe
COPY deploy/image/requirements.lock ./
# Without pip of its own: what is installed runs, and installs nothing. Wheels only, so no compiler is needed either.
RUN python3 -m venv --without-pip /opt/lianhe/env \
 && python3 -m pip --python /opt/lianhe/env/bin/python install --no-cache-dir --disable-pip-version-check \
      --no-compile --only-binary :all: --require-hashes --requirement requirements.lock
COPY contracts app/contracts
COPY kit app/kit
COPY services app/services
COPY gateway app/gateway
COPY embedded app/embedded
COPY demo app/demo
COPY cli app/cli
COPY deploy/image/sbom.py deploy/image/healthcheck.py ./
COPY deploy/image/lianhe env/bin/lianhe
ARG VERSION=0.1.0
# The file system is read only where it runs, so the bytecode is made here.
RUN env/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash env/lib app \
 && env/bin/python sbom.py --version "${VERSION}" --system /var/lib/dpkg/status > sbom.cdx.json \
 && rm sbom.py requirements.lock

FROM ${BASE_IMAGE}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="lianhe" \
      org.opencontainers.image.description="Lianhe 联合: services, gateway and command line" \
      org.opencontainers.image.version="${VERSION}"
# What installs software has no place where software only runs.
RUN rm -rf /usr/local/lib/python3*/site-packages/pip* /usr/local/lib/python3*/ensurepip /usr/local/bin/pip* \
      /usr/lib/python3/dist-packages/pip* /usr/lib/python3*/ensurepip /usr/bin/pip*
COPY --from=build /opt/lianhe /opt/lianhe
ENV PATH=/opt/lianhe/env/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/opt/lianhe/app \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    HTTP_HOST=0.0.0.0 \
    HTTP_PORT=8080
# A number, so that Kubernetes can see that it isn't root; no account of that name is needed.
USER 10001:10001
WORKDIR /tmp
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=5s --start-period=120s --retries=3 \
  CMD ["python", "-I", "-S", "/opt/lianhe/healthcheck.py"]
ENTRYPOINT ["lianhe"]
CMD ["--help"]
