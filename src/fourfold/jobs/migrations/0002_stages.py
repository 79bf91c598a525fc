from django.db import migrations

STAGES = [
    ("sourced", "Sourced", "sourced"),
    ("approached", "Approached", "approached"),
    ("interested", "Interested", "interested"),
    ("applied", "Applied", "applied"),
    ("submitted", "Submitted", "submitted"),
    ("interview", "Interview", "interview"),
    ("second-interview", "Second interview", "interview"),
    ("offer", "Offer", "offer"),
    ("placed", "Placed", "placed"),
    ("started", "Started", "started"),
    ("stayed-90", "Stayed 90 days", "stayed"),
    ("stayed-180", "Stayed 180 days", "stayed"),
    ("stayed-365", "Stayed a year", "stayed"),
]


def fill(apps, schema_editor):
    stage = apps.get_model("jobs", "PipelineStage")
    stage.objects.bulk_create(
        [stage(slug=slug, name=name, stage=means, place=place) for place, (slug, name, means) in enumerate(STAGES)]
    )


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
