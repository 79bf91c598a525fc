from __future__ import annotations

from django.urls import path

from fourfold.reports import views

urlpatterns = [
    path("4cs/", views.show_fourcs, name="fourcs"),
    path("4cs/again/", views.try_again, name="fourcs_again"),
    path("4cs/figure/<slug:name>/", views.show_figure, name="figure"),
    path("4cs/figure/<slug:name>/rows.csv", views.download_figure, name="figure_csv"),
    path("4cs/channel/<str:key>/", views.show_channel, name="channel"),
    path("4cs/journey/<uuid:outcome>/", views.show_journey, name="journey"),
]
