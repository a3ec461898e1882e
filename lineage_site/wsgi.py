"""The entry for the WSGI server."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lineage_site.settings")
application = get_wsgi_application()
# with every view: once, before the workers are forked, not at the first request to each of them
import_module("lineage_site.urls")
