from django.urls import path

from tiendo.tasks.views import beneath, drafts, extensions, lists, pages, parts, reports

app_name = "tasks"

urlpatterns = [
    path("tasks/", lists.tasks, name="tasks"),
    path("tasks/table/", lists.table, name="table"),
    path("tasks/new/", drafts.new, name="new"),
    path("tasks/<int:pk>/", pages.task, name="task"),
    path("tasks/<int:pk>/wording/", drafts.wording, name="wording"),
    path("tasks/<int:pk>/help/", drafts.help, name="help"),
    path("tasks/<int:pk>/giving/", beneath.giving, name="giving"),
    path("tasks/<int:pk>/breakdown/", beneath.breakdown, name="breakdown"),
    path("tasks/<int:pk>/beneath/", beneath.beneath, name="beneath"),
    path("tasks/<int:pk>/issue/", parts.issue, name="issue"),
    path("tasks/<int:pk>/drop/", parts.drop, name="drop"),
    path("parts/<int:pk>/receipt/", parts.receipt, name="receipt"),
    path("parts/<int:pk>/acceptance/", parts.acceptance, name="acceptance"),
    path("parts/<int:pk>/refusal/", parts.refusal, name="refusal"),
    path("parts/<int:pk>/reissue/", parts.reissue, name="reissue"),
    path("parts/<int:pk>/suspension/", parts.suspension, name="suspension"),
    path("parts/<int:pk>/resumption/", parts.resumption, name="resumption"),
    path("parts/<int:pk>/joining/", parts.joining, name="joining"),
    path("parts/<int:pk>/transfer/", parts.transfer, name="transfer"),
    path("parts/<int:pk>/report/", reports.report, name="report"),
    path("parts/<int:pk>/nothing-new/", reports.nothing_new, name="nothing_new"),
    path("parts/<int:pk>/extension/", extensions.extension, name="extension"),
    path("reports/<int:pk>/verdict/", reports.verdict, name="verdict"),
    path("extensions/<int:pk>/decision/", extensions.decision, name="decision"),
    path("evidence/<int:pk>/", reports.evidence, name="evidence"),
]
