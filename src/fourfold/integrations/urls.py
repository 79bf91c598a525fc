from __future__ import annotations

from django.urls import path

from fourfold.integrations import views

urlpatterns = [
    path("imports/", views.show_imports, name="imports"),
    path("imports/new/", views.new_import, name="new_import"),
    path("imports/<uuid:key>/", views.show_import, name="import"),
    path("imports/<uuid:key>/columns/", views.confirm_columns, name="confirm_columns"),
    path("imports/<uuid:key>/sheet/", views.choose_sheet, name="choose_sheet"),
    path("imports/<uuid:key>/apply/", views.apply, name="apply_import"),
    path("imports/<uuid:key>/take-back/", views.take_back, name="take_back_import"),
    path("imports/<uuid:key>/put-back/", views.put_back, name="put_back_import"),
    path("imports/<uuid:key>/rejected.csv", views.download_rejected, name="rejected_rows"),
]
