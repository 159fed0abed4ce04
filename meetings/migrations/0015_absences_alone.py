from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0014_comings_and_goings'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='attendance',
            name='arrived_item',
        ),
        migrations.RemoveField(
            model_name='attendance',
            name='left_item',
        ),
    ]
