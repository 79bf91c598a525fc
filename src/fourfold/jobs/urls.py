from __future__ import annotations

from fourfold.jobs.views import applications, house, jobs, placing, submitting

urlpatterns = [*applications.patterns, *placing.patterns, *submitting.patterns, *house.patterns, *jobs.patterns]
