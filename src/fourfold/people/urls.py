from __future__ import annotations

from django.urls import path

from fourfold.people import views
from fourfold.people.views import lists, profile

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
    path("people/fields/", profile.show_fields, name="custom_fields"),
    path("people/fields/<slug:slug>/", profile.retire_field, name="retire_field"),
    path("people/<uuid:key>/panels/<int:number>/", profile.show_panel, name="person_panel"),
    path("people/<uuid:key>/change/", profile.change_person, name="change_person"),
    path("people/<uuid:key>/addresses/", profile.show_addresses, name="addresses"),
    path("people/<uuid:key>/addresses/<int:address>/", profile.change_address, name="change_address"),
    path("people/<uuid:key>/jobs/", profile.show_jobs, name="jobs_of_person"),
    path("people/<uuid:key>/jobs/<int:job>/", profile.show_jobs, name="job_of_person"),
    path("people/<uuid:key>/jobs/<int:job>/take/", profile.take_job, name="take_job"),
    path("people/<uuid:key>/roles/", profile.show_roles, name="roles_of_person"),
    path("people/<uuid:key>/who-sees/", profile.show_who_sees, name="who_sees"),
    path("people/<uuid:key>/not-to/", profile.show_not_to, name="not_to"),
    path("people/<uuid:key>/not-to/<int:row>/", profile.allow_cv_to, name="allow_cv_to"),
    path("people/<uuid:key>/merge/", views.merge, name="merge_person"),
    path("people/<uuid:key>/unmerge/", views.unmerge, name="unmerge_person"),
    path("people/<uuid:key>/erase/", views.erase, name="erase_person"),
    path("people/<uuid:key>/export.json", views.export, name="export_person"),
    path("people/<uuid:key>/wishes/", views.show_wishes, name="wishes"),
    path("people/<uuid:key>/wishes/end/", views.end_wish, name="end_wish"),
    path("people/<uuid:key>/told/", views.tell_person, name="tell_person"),
    path("privacy/", views.show_notices, name="notices"),
    path("privacy/declare/", views.declare_told, name="declare_told"),
    path("privacy/declared/<uuid:key>/", views.show_declaration, name="declared"),
    path("privacy/declared/<uuid:key>/withdraw/", views.withdraw_declaration, name="withdraw_declaration"),
    path("privacy/plan/", views.plan_notices, name="plan_notices"),
    path("privacy/plan/drop/", views.drop_plan, name="drop_plan"),
    path("privacy/batches/<int:batch>/told/", views.tell_batch, name="tell_batch"),
    path("privacy/kept-out/", views.show_kept_out, name="kept_out"),
    path("privacy/texts/", views.show_wordings, name="wordings"),
    path("privacy/texts/retire/", views.retire_wording, name="retire_wording"),
]
