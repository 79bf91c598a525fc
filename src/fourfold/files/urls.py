from __future__ import annotations

from django.urls import path

from fourfold.files import views

urlpatterns = [
    path("files/", views.bring_file, name="bring_file"),
    path("files/<uuid:key>/", views.show_file, name="file"),
    path("files/<uuid:key>/download/", views.download, name="download_file"),
    path("files/<uuid:key>/pages/<int:page>.png", views.show_picture, name="file_page"),
    path("files/<uuid:key>/remove/", views.remove_file, name="remove_file"),
    path("files/<uuid:key>/back/", views.bring_file_back, name="bring_file_back"),
]
