from __future__ import annotations

from django.urls import path

from fourfold.ui import views

app_name = "ui"

urlpatterns = [
    path("", views.show_gallery, name="gallery"),
    path("signed-out/", views.show_signed_out, name="gallery_signed_out"),
    path("errors/<int:status>/", views.show_error, name="gallery_error"),
    path("progress/", views.show_progress, name="gallery_progress"),
]
