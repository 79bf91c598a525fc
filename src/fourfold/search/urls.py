from __future__ import annotations

from django.urls import path

from fourfold.search import views

urlpatterns = [path("search/", views.show_search, name="search")]
