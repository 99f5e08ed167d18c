"""The demonstration's own pages. They exist nowhere else."""

from django.urls import path

from milepost.demo import component_sheet, outbox

urlpatterns = [
    path("outbox", outbox.outbox, name="demo_outbox"),
    path("outbox.json", outbox.outbox_json, name="demo_outbox_json"),
    path("people.json", outbox.people_json, name="demo_people_json"),
    path("components/", component_sheet.component_sheet, name="demo_component_sheet"),
]
