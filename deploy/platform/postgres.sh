#!/bin/sh
# The database server; at its first start it makes the cluster, with the user and database `gradus`.
# The password is in /run/secrets/database-password. A cluster appears by one rename: whole or not at all.
set -eu
cluster=/cluster/data
word=/run/secrets/database-password
if [ ! -e "$cluster/PG_VERSION" ]; then
  rm -rf /cluster/new
  [ -s "$word" ] || { echo "there is no password in $word" >&2; exit 1; }
  initdb -D /cluster/new -U gradus -E UTF8 --locale=C.UTF-8 --data-checksums \
    --auth-host=scram-sha-256 --auth-local=trust --pwfile="$word" >/dev/null
  # Others come over the network that compose makes; the socket is for who is in this container.
  echo 'host gradus gradus samenet scram-sha-256' >>/cluster/new/pg_hba.conf
  echo 'CREATE DATABASE gradus' | postgres --single -D /cluster/new postgres >/dev/null
  mv /cluster/new "$cluster"
fi
exec postgres -D "$cluster" -c listen_addresses='*' -c unix_socket_directories=/tmp "$@"
