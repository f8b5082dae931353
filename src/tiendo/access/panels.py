"""What access hangs on pages of rooms downstairs."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.http import urlencode

from tiendo.access import reads
from tiendo.access.giving import may_delegate, may_give_this
from tiendo.kit.permission import can
from tiendo.orgs.models import Unit


def unit_people(request: HttpRequest, unit: Unit, on: date) -> str:
    """Who works here: the roles over this very unit, for those who may see rights; for everybody the way to ask why."""
    context: dict[str, Any] = {"unit": unit, "may_see": can(request.user, reads.SEES, unit)}
    # named with its number, for others may be called the same
    asked = {"unit": unit.name, "unit_for": unit.name, "unit_is": str(unit.pk)}
    context["asked"] = urlencode(asked)
    if context["may_see"]:
        grants = reads.rights_over(unit, on)
        posts = {grant.post for grant in grants if grant.post}
        context |= {
            "rows": [(g, may_give_this(request.user, g.role, unit.path)) for g in grants],
            "may_give": can(request.user, "access.grant", unit),
            "delegable": {post.pk for post in posts if may_delegate(request.user, post, on)},
        }
    return render_to_string("access/_unit_people.html", context, request)
