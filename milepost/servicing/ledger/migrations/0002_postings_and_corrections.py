"""Postings and corrections: what was asked for under which key, and what was taken back. Only ever added."""

from django.conf import settings
from django.db import migrations, models
from psycopg import sql

TABLES = ("ledger_posting", "ledger_correction")
SQL = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def only_insert_and_select(apps, schema_editor):
    app = sql.Identifier(settings.APP_DATABASE_ROLE)
    for table in TABLES:
        statement = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(sql.Identifier(table), app)
        schema_editor.execute(statement.as_string(schema_editor.connection.connection), params=None)



class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0001_initial'),
        ('audit', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=200, unique=True)),
                ('asked', models.CharField(max_length=64)),
                ('book', models.BigIntegerField()),
                ('recorded_at', models.DateTimeField()),
                ('answer', models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('book', models.BigIntegerField()),
                ('effective_on', models.DateField()),
                ('event', models.SmallIntegerField()),
                ('source', models.BigIntegerField()),
                ('reason', models.CharField(max_length=500)),
                ('recorded_at', models.DateTimeField()),
                ('actor_kind', models.CharField(max_length=10)),
                ('actor_user_id', models.BigIntegerField(null=True)),
                ('actor_name', models.CharField(blank=True, max_length=40)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('book', 'effective_on', 'event', 'source'), name='ledger_reversed_once')],
            },
        ),
        migrations.RunSQL([SQL.format(table=table) for table in TABLES], migrations.RunSQL.noop),
        migrations.RunPython(only_insert_and_select, migrations.RunPython.noop),
    ]
