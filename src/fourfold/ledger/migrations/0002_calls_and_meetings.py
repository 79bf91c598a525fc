
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='fact',
            index=models.Index(condition=models.Q(('channel', 'phone')), fields=['-occurred_at', '-seq'], name='fact_call_time'),
        ),
        migrations.AddIndex(
            model_name='fact',
            index=models.Index(condition=models.Q(('channel', 'in_person')), fields=['-occurred_at', '-seq'], name='fact_meeting_time'),
        ),
    ]
