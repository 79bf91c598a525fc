from __future__ import annotations

from django.urls import path

from fourfold.integrations import views

urlpatterns = [
    path("imports/", views.show_imports, name="imports"),
    path("imports/new/", views.new_import, name="new_import"),
    path("imports/over/", views.new_crossing, name="new_crossing"),
    path("imports/over/sample.zip", views.sample_export, name="sample_export"),
    path("imports/over/<uuid:key>/", views.show_crossing, name="crossing"),
    path("imports/over/<uuid:key>/check/", views.check_crossing, name="check_crossing"),
    path("imports/over/<uuid:key>/apply/", views.apply_crossing, name="apply_crossing"),
    path("imports/over/<uuid:key>/move/", views.move_waiting, name="move_waiting"),
    path("imports/over/<uuid:key>/take-back/", views.take_back_crossing, name="take_back_crossing"),
    path("imports/over/tables/<uuid:key>/", views.edit_table, name="crossing_table"),
    path("imports/leaving/", views.leaving, name="leaving"),
    path("imports/leaving/<uuid:key>.zip", views.download_export, name="download_export"),
    path("imports/waiting/", views.show_waiting, name="waiting_records"),
    path("imports/waiting/<str:layout>/", views.show_staged, name="staged"),
    path("imports/<uuid:key>/", views.show_import, name="import"),
    path("imports/<uuid:key>/columns/", views.confirm_columns, name="confirm_columns"),
    path("imports/<uuid:key>/sheet/", views.choose_sheet, name="choose_sheet"),
    path("imports/<uuid:key>/apply/", views.apply, name="apply_import"),
    path("imports/<uuid:key>/take-back/", views.take_back, name="take_back_import"),
    path("imports/<uuid:key>/put-back/", views.put_back, name="put_back_import"),
    path("imports/<uuid:key>/rejected.csv", views.download_rejected, name="rejected_rows"),
]
