"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "milepost.config.settings")
application = get_wsgi_application()

from milepost.config.database_roles import refuse_unsafe_role  # noqa: E402  (needs the applications loaded)

refuse_unsafe_role()
