"""What was signed stays as it was signed, whoever asks; its last date and the printed APR may be corrected."""

from django.db import migrations

SQL = """
CREATE TRIGGER frozen_rows
    BEFORE UPDATE OF id, reference, origin_reference, product, terms, agreed_on ON agreements_agreement
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept_rows BEFORE DELETE ON agreements_agreement
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept_table BEFORE TRUNCATE ON agreements_agreement
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0006_personal_contract_hire"), ("audit", "0001_initial")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
