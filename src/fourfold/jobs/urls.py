from __future__ import annotations

from fourfold.jobs.views import applications, jobs, submitting

urlpatterns = [*applications.patterns, *submitting.patterns, *jobs.patterns]
