from __future__ import annotations

from fourfold.jobs.views import applications, house, intake, interviews, jobs, placing, submitting

urlpatterns = [
    *intake.patterns,
    *interviews.patterns,
    *applications.patterns,
    *placing.patterns,
    *submitting.patterns,
    *house.patterns,
    *jobs.patterns,
]
