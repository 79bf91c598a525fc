from __future__ import annotations

from django.urls import path

from fourfold.studio import views

urlpatterns = [
    path("studio/brands/", views.show_kits, name="brand_kits"),
    path("studio/brands/<slug:brand>/", views.change_kit, name="brand_kit"),
    path("studio/brands/<slug:brand>/letter.svg", views.show_preview, name="brand_letter"),
]
