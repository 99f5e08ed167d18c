"""What was down and what was announced; what we said about it is never changed."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from psycopg import sql

APPEND_ONLY = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON incidents_update
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON incidents_update
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
STATES = ["PLANNED", "INVESTIGATING", "IDENTIFIED", "WATCHING", "RESOLVED"]
COMPONENTS = [
    "SIGN_IN", "TEXT_CODES", "ACCOUNT_PAGES", "CARD_PAYMENTS", "DIRECT_DEBIT", "MESSAGES", "PHONE_LINES",
]


def only_insert_and_select(apps, schema_editor):
    app = sql.Identifier(settings.APP_DATABASE_ROLE)
    statement = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON incidents_update FROM {}").format(app)
    schema_editor.execute(statement.as_string(schema_editor.connection.connection), params=None)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=120)),
                (
                    "components",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None),
                ),
                ("severity", models.CharField(max_length=10)),
                ("state", models.CharField(max_length=15)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["ends_at"], name="incident_end")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("state__in", STATES)), name="incident_state"),
                    models.CheckConstraint(
                        condition=models.Q(("severity__in", ["SLOW", "STOPPED"])), name="incident_severity"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("components__contained_by", COMPONENTS), ("components__len__gte", 1)),
                        name="incident_components",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__isnull", True), ("ends_at__gte", models.F("starts_at")), _connector="OR"
                        ),
                        name="incident_span",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__isnull", True), ("state__in", ["PLANNED", "RESOLVED"]), _negated=True
                        ),
                        name="incident_over_has_an_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Update",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("state", models.CharField(max_length=15)),
                ("words", models.CharField(max_length=500)),
                ("advice", models.CharField(blank=True, max_length=500)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="updates", to="incidents.incident"
                    ),
                ),
            ],
        ),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
        migrations.RunPython(only_insert_and_select, migrations.RunPython.noop),
    ]
