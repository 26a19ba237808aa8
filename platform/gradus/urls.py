"""Which app answers which address."""

from __future__ import annotations

from django.urls import include, path

from gradus.api.root import api
from gradus.ops import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/", api.urls),
    path("accounts/", include("allauth.account.urls")),
    path("", include("gradus.web.urls")),
]

handler400 = "gradus.web.errors.bad_request"
