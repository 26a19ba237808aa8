"""What the web server runs."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from gradus.lib.bodies import LimitedBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gradus.settings")

_django = get_asgi_application()
application = LimitedBodies(_django, settings.MAX_BODY_BYTES)
