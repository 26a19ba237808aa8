#!/bin/sh
# Put Python and what it needs to run, and nothing else, into a folder. Runs inside the base image.
set -eu
tree=$1
python=$(readlink -f "$(command -v python3)")
stdlib=$(python3 -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
mkdir -p "$tree"
cd /
copy() {
  for path in "$@"; do
    if [ -e "$path" ]; then cp -a --parents "$path" "$tree"; fi
  done
}
for folder in /lib /lib64; do
  if [ -L "$folder" ]; then cp -a "$folder" "$tree$folder"; fi
done
copy "$python" "$stdlib" /etc/ld.so.cache /usr/lib/*-linux-gnu /usr/lib64 /usr/local/lib/libpython3*.so*
if [ ! -L /lib ]; then copy /lib/*-linux-gnu; fi
if [ ! -L /lib64 ]; then copy /lib64; fi
# What the base installed beside the standard library, tests, and tools to install more.
for name in site-packages dist-packages test idlelib ensurepip lib2to3; do
  rm -rf "$tree$stdlib/$name"
done
rm -rf "$tree"/usr/lib/*-linux-gnu/perl*
ln -s "$python" "$tree/python"
mkdir -p "$tree/etc" "$tree/proc" "$tree/sys" "$tree/dev"
mkdir "$tree/w" "$tree/exercise" "$tree/exercises" "$tree/meeting"
chmod 1777 "$tree/w" # a tmpfs over it takes this mode
ln -s /w/tmp "$tree/tmp"
