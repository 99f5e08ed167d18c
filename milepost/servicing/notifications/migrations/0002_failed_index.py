"""What has not gone lately is asked for by the status page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]
    operations = [
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("state", "FAILED")), fields=["created_at"], name="notification_failed"
            ),
        ),
    ]
