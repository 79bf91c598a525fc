"""The application that the web server runs: links that lead on are answered at once, pages by Django in threads."""

from __future__ import annotations

import gc
import os

from fourfold.project.wsgi import application as pages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fourfold.project.settings")
from django.conf import settings

from fourfold.careers.tracking import App, Tracker
from fourfold.project.threads import Threads

gc.collect()
gc.freeze()  # else each full collection walks all of Django, and everybody at the door waits for it
application: App = Tracker(Threads(pages, settings.WEB_THREADS))
