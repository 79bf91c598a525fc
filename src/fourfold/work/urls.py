from __future__ import annotations

from django.urls import path

from fourfold.work import views

urlpatterns = [
    path("work/", views.show_tasks, name="tasks"),
    path("work/tasks/new/", views.new_task, name="new_task"),
    path("work/tasks/<uuid:key>/", views.change_task, name="task"),
    path("work/tasks/<uuid:key>/done/", views.do_task, name="do_task"),
    path("work/tasks/<uuid:key>/open/", views.reopen_task, name="reopen_task"),
    path("work/tasks/<uuid:key>/snooze/", views.snooze_task, name="snooze_task"),
    path("work/about/", views.show_about, name="work_about"),
    path("work/notes/", views.write_note, name="write_note"),
    path("work/notes/<uuid:key>/", views.edit_note, name="note"),
    path("work/notes/<uuid:key>/pin/", views.pin_note, name="pin_note"),
    path("work/notes/<uuid:key>/remove/", views.remove_note, name="remove_note"),
    path("work/notes/<uuid:key>/back/", views.bring_note_back, name="bring_note_back"),
    path("work/notifications/", views.show_notifications, name="notifications"),
    path("work/notifications/seen/", views.see_notifications, name="see_notifications"),
    path("work/notifications/<int:key>/", views.open_notification, name="open_notification"),
]
