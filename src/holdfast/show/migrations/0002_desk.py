"""The first link, and comments that wait."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('show', '0001_accounts'),
    ]

    operations = [
        migrations.CreateModel(
            name='FirstLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
            ],
            options={
                'db_table': 'first_link',
            },
        ),
        migrations.CreateModel(
            name='CommentDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('work', models.CharField(db_index=True, max_length=32)),
                ('moment', models.CharField(blank=True, max_length=40)),
                ('text', models.TextField()),
                ('language', models.CharField(max_length=35)),
                ('name', models.CharField(max_length=150)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('accepted', 'Accepted'), ('refused', 'Refused')], db_index=True, default='waiting', max_length=8)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('decided_by', models.CharField(blank=True, max_length=150)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'comment_draft',
                'ordering': ('created_at', 'id'),
            },
        ),
    ]
