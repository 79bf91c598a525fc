
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0003_experiments_from_files'),
    ]

    operations = [
        migrations.CreateModel(
            name='WeeklyTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user_key', models.UUIDField()),
                ('measure', models.CharField(max_length=20)),
                ('from_week', models.DateField()),
                ('target', models.PositiveIntegerField()),
                ('by', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user_key', 'measure', 'from_week'), name='weekly_target_once')],
            },
        ),
    ]
