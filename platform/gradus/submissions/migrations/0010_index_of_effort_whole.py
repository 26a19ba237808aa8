from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("submissions", "0009_index_of_effort")]

    operations = [
        migrations.RemoveIndex(model_name="submission", name="submission_effort"),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                fields=["item", "mode", "enrolment", "received_at", "given_back", "id"],
                name="submission_effort",
            ),
        ),
    ]
