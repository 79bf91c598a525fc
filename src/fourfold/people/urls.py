from __future__ import annotations

from django.urls import path

from fourfold.people import views
from fourfold.people.views import lists

urlpatterns = [
    path("people/", views.show_people, name="people"),
    path("people/filter/", lists.filter_people, name="filter_people"),
    path("people/edit/", lists.edit_people, name="edit_people"),
    path("people/edit/<uuid:key>/undo/", lists.undo_edit, name="undo_edit"),
    path("people/people.csv", lists.download_people, name="people_csv"),
    path("people/lists/", lists.show_lists, name="lists"),
    path("people/lists/new/", lists.new_list, name="new_list"),
    path("people/lists/<uuid:key>/", lists.change_list, name="change_list"),
    path("people/lists/<uuid:key>/remove/", lists.remove_list, name="remove_list"),
    path("people/<uuid:key>/", views.show_person, name="person"),
    path("people/<uuid:key>/merge/", views.merge, name="merge_person"),
    path("people/<uuid:key>/unmerge/", views.unmerge, name="unmerge_person"),
    path("people/<uuid:key>/erase/", views.erase, name="erase_person"),
    path("people/<uuid:key>/export.json", views.export, name="export_person"),
]
