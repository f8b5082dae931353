from django.urls import path

from tiendo.intake.views import cutting, deciding, desks

app_name = "intake"

urlpatterns = [
    path("desk/", desks.desks, name="desks"),
    path("desk/<int:pk>/", desks.desk, name="desk"),
    path("desk/<int:pk>/news/", desks.news, name="news"),
    path("desk/<int:pk>/coverage/", desks.coverage, name="coverage"),
    path("desk/<int:pk>/programme/", desks.programme, name="programme"),
    path("desk/<int:pk>/issue/", desks.issue, name="issue"),
    path("desk/<int:pk>/rereading/", desks.rereading, name="rereading"),
    path("desk/<int:pk>/proposal/", cutting.proposal, name="proposal"),
    path("documents/<int:pk>/reading/", desks.reading, name="reading"),
    path("proposals/<int:pk>/acceptance/", deciding.acceptance, name="acceptance"),
    path("proposals/<int:pk>/edit/", deciding.edit, name="edit"),
    path("proposals/<int:pk>/refusal/", deciding.refusal, name="refusal"),
    path("proposals/<int:pk>/reopening/", deciding.reopening, name="reopening"),
    path("proposals/<int:pk>/split/", cutting.split, name="split"),
    path("proposals/<int:pk>/merger/", cutting.merger, name="merger"),
    path("proposals/<int:pk>/restoration/", cutting.restoration, name="restoration"),
]
