"""The ledger: one partitioned table that the application may only add to."""

import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models
from psycopg import sql

import milepost.plumbing.fields
from milepost.finance.entries import Event

TABLE = """
CREATE TABLE ledger_transfer (
    book bigint NOT NULL,
    effective_on date NOT NULL,
    event smallint NOT NULL,
    source bigint NOT NULL,
    line smallint NOT NULL,
    debit smallint NOT NULL,
    credit smallint NOT NULL,
    amount bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    policy_version smallint NOT NULL,
    CONSTRAINT ledger_transfer_amount CHECK (amount > 0),
    CONSTRAINT ledger_transfer_two_accounts CHECK (debit <> credit),
    PRIMARY KEY (book, effective_on, event, source, line) INCLUDE (debit, credit, amount)
) PARTITION BY RANGE (effective_on);
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON ledger_transfer
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON ledger_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# Attaching takes a weaker lock than creating a partition in place. The row trigger is cloned by the attach, the
# statement trigger is not, and the default privileges have just granted the application too much.
ADD_QUARTER = """
CREATE FUNCTION ledger_add_quarter(day date) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    begins date := date_trunc('quarter', day)::date;
    ends date := (date_trunc('quarter', day) + interval '3 months')::date;
    part text := 'ledger_transfer_' || to_char(day, 'YYYY"q"Q');
BEGIN
    IF to_regclass('public.' || part) IS NOT NULL THEN
        RETURN part;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ledger_add_quarter'));
    IF to_regclass('public.' || part) IS NOT NULL THEN
        RETURN part;
    END IF;
    EXECUTE format('CREATE TABLE public.%I (LIKE public.ledger_transfer INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part);
    EXECUTE format('REVOKE ALL ON public.%I FROM {app}', part);
    EXECUTE format('GRANT SELECT, INSERT ON public.%I TO {app}', part);
    EXECUTE format('CREATE TRIGGER append_only_table BEFORE TRUNCATE ON public.%I
                    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()', part);
    EXECUTE format('ALTER TABLE public.ledger_transfer ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                   part, begins, ends);
    RETURN part;
END $body$;
"""


def rights(apps, schema_editor):
    def run(statement: str) -> None:
        app = sql.Identifier(settings.APP_DATABASE_ROLE)
        schema_editor.execute(sql.SQL(statement).format(app=app).as_string(schema_editor.connection.connection), params=None)

    run("REVOKE ALL ON ledger_transfer FROM {app}")
    run("GRANT SELECT, INSERT ON ledger_transfer TO {app}")
    run(ADD_QUARTER)
    run("GRANT EXECUTE ON FUNCTION ledger_add_quarter(date) TO {app}")


class Migration(migrations.Migration):
    initial = True
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TABLE, "DROP TABLE ledger_transfer")],
            state_operations=[
                migrations.CreateModel(
                    name="Transfer",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "book", "effective_on", "event", "source", "line",
                                blank=True, editable=False, primary_key=True, serialize=False,
                            ),
                        ),
                        ("book", models.BigIntegerField()),
                        ("effective_on", models.DateField()),
                        ("event", models.SmallIntegerField(choices=[(event.value, event.name) for event in Event])),
                        ("source", models.BigIntegerField()),
                        ("line", models.SmallIntegerField()),
                        ("debit", models.SmallIntegerField()),
                        ("credit", models.SmallIntegerField()),
                        ("amount", milepost.plumbing.fields.PenceField()),
                        ("recorded_at", models.DateTimeField()),
                        ("policy_version", models.SmallIntegerField()),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="ledger_transfer_amount"),
                            models.CheckConstraint(
                                condition=models.Q(("debit", django.db.models.expressions.F("credit")), _negated=True),
                                name="ledger_transfer_two_accounts",
                            ),
                        ],
                    },
                )
            ],
        ),
        migrations.RunPython(rights, migrations.RunPython.noop),
    ]
