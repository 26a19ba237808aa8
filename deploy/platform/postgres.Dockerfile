# PostgreSQL for compose.yaml. BASE has its programs below /usr/lib/postgresql and the user `postgres`:
# Debian's package, or the official image.
ARG BASE=postgres:15-bookworm
FROM ${BASE}
COPY postgres.sh /postgres.sh
RUN set -eu; \
    ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1 | xargs -I{} ln -sfn {} /programs; \
    mkdir -p -m 0700 /cluster; chown postgres: /cluster; chmod 0555 /postgres.sh
ENV PATH=/programs:/usr/bin:/bin LANG=C.UTF-8 PGHOST=/tmp PGUSER=gradus PGDATABASE=gradus
USER postgres
STOPSIGNAL SIGINT
ENTRYPOINT ["/postgres.sh"]
CMD []
