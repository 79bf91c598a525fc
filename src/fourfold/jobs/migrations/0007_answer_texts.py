import uuid

from django.db import migrations
from django.utils import timezone

SIGN = "\n\nThank you for your time.\n{{ sender_name }}"
TEXTS = [
    ("other-experience", "Others bring more of what the job needs", "not_submitted", False, "Your application: {job}",
     "Hello {name},\n\nthank you for applying for {job}. We read what you sent. We are not putting you forward for this one: others bring more of the experience it must have.\n\nThat is a judgement about this job, not about you. With your leave we keep your details and write when something fits better; the link below lets you see, change or take back everything we hold."),
    ("must-have-missing", "Something the job must have is missing", "not_submitted", False, "Your application: {job}",
     "Hello {name},\n\nthank you for applying for {job}. The client asks for something that we did not find in what you sent, so we can't put you forward. If we missed it, answer this mail and say where it is: we will look again."),
    ("place-or-pay", "Place, pay or start do not fit", "not_submitted", False, "Your application: {job}",
     "Hello {name},\n\nthank you for applying for {job}. What you look for in place, pay or start is not what the client can offer, and we would rather say so now than waste your time."),
    ("job-ended", "The job ended before we could put you forward", "job_closed", False, "{job}: the job has ended",
     "Hello {name},\n\nthe job you applied for, {job}, has ended: the client is not looking any more. It says nothing about your application, which did not get its chance. We are sorry for that."),
    ("client-chose-other", "The client chose somebody else", "client_said_no", True, "{job} at {client}",
     "Hello {name},\n\nI am sorry: {client} has chosen somebody else for {job}. What they said: \n\nYou gave this your time, so you should know why. If you would like to talk it through, answer this mail and I will ring you."),
    ("client-said-no", "The client said no after seeing the CV", "client_said_no", True, "{job} at {client}",
     "Hello {name},\n\n{client} has looked at your CV for {job} and will not go on. What they said: \n\nI would put you forward again elsewhere, and will tell you when there is something."),
    ("client-silent", "The client has not told us; this is what we know", "job_closed", True, "{job} at {client}: what we know",
     "Hello {name},\n\nwe sent your CV to {client} for {job} and have asked them several times. They have not told us what they decided. That is not how it should be, and you should not wait for it any longer.\n\nIf we hear something, you will hear it the same day."),
]


def fill(apps, schema_editor):
    text = apps.get_model("jobs", "AnswerText")
    at = timezone.now()
    text.objects.bulk_create(
        [
            text(
                key=uuid.uuid4(), slug=slug, reason=reason, ended=ended, for_seen=for_seen, subject=subject,
                text=words + SIGN, place=place, by="Fourfold", at=at,
            )
            for place, (slug, reason, ended, for_seen, subject, words) in enumerate(TEXTS)
        ]
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("jobs", "0006_answers")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
