from __future__ import annotations

from django.urls import path

from fourfold.studio import views

urlpatterns = [
    path("studio/brands/", views.show_kits, name="brand_kits"),
    path("studio/brands/<slug:brand>/", views.change_kit, name="brand_kit"),
    path("studio/brands/<slug:brand>/letter.svg", views.show_preview, name="brand_letter"),
    path("studio/mails/", views.show_mails, name="mails"),
    path("studio/mails/new/", views.change_mail, name="new_mail"),
    path("studio/mails/shown/", views.show_mail, name="mail_draft"),
    path("studio/mails/<uuid:key>/", views.change_mail, name="mail"),
    path("studio/mails/<uuid:key>/shown/", views.show_mail, name="mail_shown"),
    path("studio/mails/<uuid:key>/try/", views.try_mail, name="try_mail"),
    path("studio/mails/<uuid:key>/archive/", views.archive_mail, name="archive_mail"),
]
