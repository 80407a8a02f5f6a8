"""What waits in the inbox, and tokens."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('show', '0004_piece_drafts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Contribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('receipt', models.CharField(max_length=64, unique=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('keeping', 'Keeping'), ('kept', 'Kept'), ('refused', 'Refused')], db_index=True, default='waiting', max_length=8)),
                ('title', models.CharField(blank=True, max_length=300)),
                ('source', models.TextField(blank=True)),
                ('language', models.CharField(blank=True, max_length=35)),
                ('contact', models.CharField(blank=True, max_length=300)),
                ('answers', models.CharField(blank=True, max_length=32)),
                ('came_on', models.DateField()),
                ('as_found', models.BooleanField(default=False)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('told', models.TextField(blank=True)),
                ('decided_by', models.CharField(blank=True, max_length=150)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'contribution',
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('work', models.CharField(db_index=True, max_length=32)),
                ('moment', models.CharField(blank=True, max_length=40)),
                ('grievance', models.CharField(choices=[('risk', 'Risk'), ('rights', 'Rights'), ('wrong', 'Wrong'), ('other', 'Other')], max_length=8)),
                ('text', models.TextField(blank=True)),
                ('contact', models.CharField(blank=True, max_length=300)),
                ('came_on', models.DateField()),
                ('is_open', models.BooleanField(db_index=True, default=True)),
                ('answer', models.CharField(blank=True, max_length=500)),
                ('decided_by', models.CharField(blank=True, max_length=150)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'report',
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='ContributedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('upload', models.CharField(max_length=40)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('size_bytes', models.BigIntegerField()),
                ('is_media', models.BooleanField(null=True)),
                ('told', models.TextField(blank=True)),
                ('asset', models.CharField(blank=True, max_length=32)),
                ('digest', models.CharField(blank=True, max_length=128)),
                ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='show.contribution')),
            ],
            options={
                'db_table': 'contributed_file',
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Token',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('made_on', models.DateField()),
                ('expires_at', models.DateTimeField()),
                ('used_on', models.DateField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'token',
                'ordering': ('id',),
            },
        ),
    ]
