from __future__ import annotations

from django.urls import path

from fourfold.careers import views
from fourfold.careers.views import jobs, surveys

urlpatterns = [
    path("why/<str:token>/", views.show_why, name="why"),
    path("why/<str:token>/answer/", views.answer, name="why_answer"),
    path("why/<str:token>/letter/", views.send_letter, name="why_letter"),
    path("why/<str:token>/lift/", views.lift, {"kind": "why"}, name="why_lift"),
    path("stop/<str:token>/", views.stop, name="stop"),
    path("preferences/<str:token>/", views.preferences, name="preferences"),
    path("preferences/<str:token>/lift/", views.lift, {"kind": "preferences"}, name="preferences_lift"),
    path("preferences/<str:token>/stop-all/", views.stop_all, name="preferences_stop_all"),
    path("preferences/<str:token>/agree/", views.agree, name="preferences_agree"),
    path("preferences/<str:token>/withdraw/", views.withdraw, name="preferences_withdraw"),
    path("your-data/<str:token>/", views.show_your_data, name="your_data"),
    path("your-data/<str:token>/data.json", views.take_out_json, name="your_data_json"),
    path("your-data/<str:token>/data.pdf", views.take_out_pdf, name="your_data_pdf"),
    path("your-data/<str:token>/correct/", views.correct, name="your_data_correct"),
    path("your-data/<str:token>/erase/", views.ask_for_erasure, name="your_data_erase"),
    path("go/<str:token>/", views.follow, name="click"),
    path("seen/<str:token>/", views.see, name="opened"),
    path("survey/<str:token>/", surveys.show_survey, name="survey"),
    path("survey/<str:token>/more/", surveys.say_more, name="survey_more"),
    path("careers/", jobs.show_jobs, name="public_jobs"),
    path("careers/sitemap.xml", jobs.show_sitemap, name="careers_sitemap"),
    path("careers/<slug:slug>/", jobs.show_job, name="public_job"),
    path("careers/<slug:slug>/apply/", jobs.apply, name="apply"),
    path("careers/<slug:slug>/thanks/", jobs.show_applied, name="applied"),
    path("slots/<str:token>/", jobs.slots, name="slots"),
    path("slots/<str:token>/none/", jobs.say_none_fits, name="slots_none"),
    path("brand/style.css", views.show_style, name="brand_style"),
    path("brand/logo/", views.show_logo, name="brand_logo"),
]
