from __future__ import annotations

from django.urls import path

from fourfold.people import views

urlpatterns = [
    path("people/", views.show_people, name="people"),
    path("people/<uuid:key>/", views.show_person, name="person"),
    path("people/<uuid:key>/merge/", views.merge, name="merge_person"),
    path("people/<uuid:key>/unmerge/", views.unmerge, name="unmerge_person"),
    path("people/<uuid:key>/erase/", views.erase, name="erase_person"),
    path("people/<uuid:key>/export.json", views.export, name="export_person"),
]
