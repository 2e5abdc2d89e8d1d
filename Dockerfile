# The service: `debtscan serve`, `worker`, `backup`, `restore`. docs/operations.md tells how to run it.
#
# It needs no root, and writes to /var/lib/debtscan alone: run it with a read-only root file system.
ARG PYTHON=python:3.13-slim-trixie

FROM ${PYTHON} AS build
SHELL ["/bin/sh", "-euc"]
WORKDIR /build
COPY deploy/image/build.txt deploy/image/requirements.txt ./
# Wheels alone, each with its hash: no package's own code runs while it is installed.
RUN python -m venv /opt/builder; \
    /opt/builder/bin/pip install --quiet --no-cache-dir --require-hashes --only-binary :all: --requirement build.txt; \
    python -m venv --without-pip /opt/debtscan; \
    /opt/builder/bin/pip --python /opt/debtscan/bin/python install --quiet --no-cache-dir --require-hashes \
      --only-binary :all: --requirement requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY analyzers analyzers
COPY bot bot
COPY templates templates
RUN /opt/builder/bin/pip wheel --quiet --no-cache-dir --no-deps --no-build-isolation --wheel-dir dist .; \
    /opt/builder/bin/pip --python /opt/debtscan/bin/python install --quiet --no-cache-dir --no-deps dist/*.whl; \
    /opt/debtscan/bin/python -m compileall -q /opt/debtscan

FROM ${PYTHON}
SHELL ["/bin/sh", "-euc"]
# git reads repositories, bubblewrap shuts lock tools in, PostgreSQL's client makes backups, tini hands on signals and
# buries what children leave behind. Versions are the base's: Debian keeps one of each.
# hadolint ignore=DL3008
RUN apt-get update -qq; \
    apt-get install --yes -qq --no-install-recommends bubblewrap ca-certificates git postgresql-client tini; \
    rm -rf /var/lib/apt/lists/*; \
    python -m pip uninstall --yes --quiet --root-user-action ignore pip; \
    groupadd --gid 10001 debtscan; \
    useradd --uid 10001 --gid 10001 --home-dir /var/lib/debtscan --no-create-home --shell /usr/sbin/nologin debtscan; \
    install --directory --owner debtscan --group debtscan --mode 0700 /var/lib/debtscan
COPY --from=build /opt/debtscan /opt/debtscan
ENV PATH=/opt/debtscan/bin:/usr/local/bin:/usr/bin:/bin \
    HOME=/var/lib/debtscan \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DEBTSCAN_SERVICE=/etc/debtscan/service.toml \
    DEBTSCAN_HEALTH=http://127.0.0.1:8080/healthz
USER 10001:10001
WORKDIR /var/lib/debtscan
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(os.environ['DEBTSCAN_HEALTH'], timeout=4)"]
ENTRYPOINT ["tini", "--", "debtscan"]
CMD ["serve"]
