from uuid import NAMESPACE_URL, uuid5

from django.db import migrations

PAPERS = [
    ("permanent", "Right to work", True, True),
    ("permanent", "References", True, False),
    ("contract", "Right to work", True, True),
    ("contract", "Insurance", True, True),
    ("contract", "Company papers", True, False),
    ("temporary", "Right to work", True, True),
    ("temporary", "References", True, False),
    ("temporary", "DBS check", True, True),
    ("temporary", "Qualifications", True, False),
    ("temporary", "Visa", False, True),
]


def fill(apps, schema_editor):
    kinds = apps.get_model("jobs", "CheckKind")
    kinds.objects.bulk_create(
        [
            kinds(key=uuid5(NAMESPACE_URL, f"paper:{kind}:{name}"), kind=kind, name=name, place=place, holds=holds, expires=expires)
            for place, (kind, name, holds, expires) in enumerate(PAPERS)
        ]
    )


class Migration(migrations.Migration):
    dependencies = [("jobs", "0003_placing")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
