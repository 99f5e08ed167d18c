"""All addresses. The site map itself is web/portal/urls.py; getting in is web/shared/urls.py."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("milepost.web.shared.urls")),
    path("", include("milepost.web.portal.urls")),
]
if settings.DEMO or settings.TEST:
    urlpatterns.append(path("demo/", include("milepost.demo.urls")))

handler400 = "milepost.web.shared.errors.bad_request"
handler403 = "milepost.web.shared.errors.forbidden"
handler404 = "milepost.web.shared.errors.not_found"
handler500 = "milepost.web.shared.errors.server_error"
