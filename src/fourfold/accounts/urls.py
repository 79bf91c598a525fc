from __future__ import annotations

from django.urls import path

from fourfold.accounts import views

urlpatterns = [
    path("welcome/", views.welcome, name="welcome"),
    path("invitation/<str:token>/", views.accept_invitation, name="accept_invitation"),
    path("my-account/", views.my_account, name="my_account"),
    path("colleagues/", views.show_colleagues, name="colleagues"),
    path("colleagues/invite/", views.invite, name="invite"),
    path("colleagues/invitations/<int:key>/withdraw/", views.withdraw_invitation, name="withdraw_invitation"),
    path("colleagues/<uuid:key>/", views.show_colleague, name="colleague"),
    path("house/", views.show_house, name="house"),
    path("house/<str:kind>/add/", views.add_place, name="add_place"),
    path("audit/", views.show_audit, name="audit"),
    # Pages of allauth that this house doesn't have: accounts come by invitation and keep their one address.
    path("accounts/signup/", views.not_offered),
    path("accounts/email/", views.not_offered),
    path("accounts/confirm-email/", views.not_offered),
    path("accounts/confirm-email/<str:key>/", views.not_offered),
    path("accounts/3rdparty/signup/", views.not_offered),
]
