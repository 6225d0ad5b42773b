from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0006_find_waiting_rows_at_once'),
    ]

    operations = [
        migrations.AlterField(
            model_name='job',
            name='total',
            field=models.PositiveIntegerField(),
        ),
        migrations.RemoveConstraint(
            model_name='job',
            name='job_progress_within_total',
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(('total__gte', models.F('done') + models.F('failed'))), name='job_progress_within_total'),
        ),
    ]
