from __future__ import annotations

from django.urls import include, path

from fourfold.project import views

urlpatterns = [
    path("", views.show_today, name="today"),
    path("", include("fourfold.accounts.urls")),
    path("", include("fourfold.search.urls")),
    path("", include("fourfold.work.urls")),
    path("", include("fourfold.files.urls")),
    path("", include("fourfold.contact.urls")),
    path("", include("fourfold.surveys.urls")),
    path("", include("fourfold.people.urls")),
    path("", include("fourfold.jobs.urls")),
    path("", include("fourfold.studio.urls")),
    path("", include("fourfold.careers.urls")),
    path("", include("fourfold.reports.urls")),
    path("", include("fourfold.integrations.urls")),
    path("accounts/", include("allauth.urls")),
    path("gallery/", include("fourfold.ui.urls")),
    path("healthz/", views.show_health, name="health"),
]

handler403 = "fourfold.project.views.forbidden"
handler404 = "fourfold.project.views.not_found"
handler500 = "fourfold.project.views.broken"
