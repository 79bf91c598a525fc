from __future__ import annotations

from django.urls import path

from fourfold.contact.views import house, inbox, mailboxes, persons, texts, webhooks

urlpatterns = [
    path("people/<uuid:key>/write/", persons.write_to, name="write_to"),
    path("people/<uuid:key>/text/", texts.text_to, name="text_to"),
    path("people/<uuid:key>/ring/", persons.ring, name="ring"),
    path("people/<uuid:key>/ring/log/", persons.log_touch, name="log_touch"),
    path("people/<uuid:key>/exception/", persons.make_exception, name="contact_exception"),
    path("people/<uuid:key>/ask/", persons.ask_colleague, name="ask_colleague"),
    path("contact/asks/", persons.answer_asks, name="contact_asks"),
    path("contact/policy/", house.show_policy, name="contact_policy"),
    path("contact/policy/assessment/", house.store_assessment, name="contact_assessment"),
    path("contact/receipts/", house.show_receipts, name="receipts"),
    path("contact/receipts/<uuid:key>/", house.show_receipt, name="receipt"),
    path("contact/messages/", house.show_messages, name="messages"),
    path("contact/messages/<uuid:key>/", house.show_message, name="message"),
    path("contact/messages/<uuid:key>/steer/", house.steer_message, name="steer_message"),
    path("contact/messages/<uuid:key>/<uuid:delivery>/", house.resolve_delivery, name="resolve_delivery"),
    path("contact/inbox/", inbox.show_inbox, name="inbox"),
    path("contact/inbox/<uuid:key>/", inbox.show_mail, name="inbox_mail"),
    path("contact/inbox/<uuid:key>/correct/", inbox.correct_mail, name="correct_mail"),
    path("contact/inbox/<uuid:key>/handle/", inbox.handle_mail, name="handle_mail"),
    path("contact/mailboxes/", mailboxes.show_mailboxes, name="mailboxes"),
    path("contact/mailboxes/new/", mailboxes.connect_mailbox, name="new_mailbox"),
    path("contact/mailboxes/keys/", mailboxes.make_key, name="make_domain_key"),
    path("contact/mailboxes/sign-in/", mailboxes.keep_sign_in_apps, name="mailbox_sign_in_apps"),
    path("contact/mailboxes/signed-in/", mailboxes.mailbox_signed_in, name="mailbox_signed_in"),
    path("contact/mailboxes/<uuid:key>/", mailboxes.change_mailbox, name="mailbox"),
    path("contact/mailboxes/<uuid:key>/try/", mailboxes.try_mailbox, name="try_mailbox"),
    path("contact/mailboxes/<uuid:key>/sign-in/", mailboxes.sign_mailbox_in, name="sign_mailbox_in"),
    path("hooks/mail/<uuid:key>/", webhooks.take_notice, name="mail_notices"),
    path("hooks/text/<uuid:key>/", texts.take_text_news, name="text_news"),
    path("contact/mailboxes/<uuid:key>/steer/", mailboxes.steer_mailbox, name="steer_mailbox"),
]
