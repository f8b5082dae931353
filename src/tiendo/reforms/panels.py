"""What reforms show on a unit's page: by which one it came, or where what it owed went."""

from datetime import date

from django.http import HttpRequest
from django.template.loader import render_to_string

from tiendo.orgs.models import Unit
from tiendo.reforms.models import Reform
from tiendo.reforms.reads import titled
from tiendo.reforms.states import Status

MOST = 10


def unit_reforms(request: HttpRequest, unit: Unit, on: date) -> str:
    """The reforms that were carried out with this unit, newest first; nothing where there were none."""
    rows = Reform.objects.visible_to(request.user).filter(concerned=unit, status=Status.CARRIED_OUT)
    found = titled(rows.order_by("-on", "-pk")[:MOST])
    if not found:
        return ""
    return render_to_string("reforms/_unit_reforms.html", {"rows": found}, request)
