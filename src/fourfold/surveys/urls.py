from __future__ import annotations

from django.urls import path

from fourfold.surveys import views

urlpatterns = [
    path("surveys/", views.show_surveys, name="surveys"),
    path("surveys/<slug:moment>/", views.change_text, name="survey_text"),
    path("surveys/<slug:moment>/mail/", views.show_mail, name="survey_mail"),
]
