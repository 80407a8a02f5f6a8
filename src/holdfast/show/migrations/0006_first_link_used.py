"""A first link that was used stays, so that whoever comes by it again is told."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('show', '0005_inbox'),
    ]

    operations = [
        migrations.AddField(
            model_name='firstlink',
            name='is_used',
            field=models.BooleanField(default=False),
        ),
    ]
