"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "milepost.config.settings")
application = get_wsgi_application()

from milepost.config import database_roles  # noqa: E402  (needs the applications loaded)

database_roles.refuse_demo_over_a_real_book()
database_roles.refuse_unsafe_role()
