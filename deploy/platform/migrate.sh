#!/bin/sh
# Once before the others start: the database's form, then the exercises of this image.
# One exercise that cannot be used is said and does not keep the installation from starting.
set -eu
python3 manage.py migrate --noinput
python3 manage.py sync_exercises || echo 'some exercises were refused: see above; the others are in' >&2
