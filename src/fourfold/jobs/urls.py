from __future__ import annotations

from fourfold.jobs.views import applications, jobs, placing, submitting

urlpatterns = [*applications.patterns, *placing.patterns, *submitting.patterns, *jobs.patterns]
