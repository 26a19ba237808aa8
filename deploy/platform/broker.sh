#!/bin/sh
# The broker: wake-ups between web and worker. It keeps nothing: the database rows are the jobs.
# Its configuration comes by standard input, so that no process list shows the password.
set -eu
word=$(cat /run/secrets/broker-password)
[ -n "$word" ] || { echo 'there is no password in /run/secrets/broker-password' >&2; exit 1; }
exec valkey-server - <<END
bind 0.0.0.0
port 6379
requirepass $word
dir /tmp
save ""
appendonly no
maxmemory 128mb
maxmemory-policy noeviction
END
