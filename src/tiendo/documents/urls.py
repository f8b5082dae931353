from django.urls import path

from tiendo.documents.views import binding, life, pages, registering

app_name = "documents"

urlpatterns = [
    path("documents/", pages.documents, name="documents"),
    path("documents/new/", registering.registration, name="registration"),
    path("documents/<int:pk>/", pages.document, name="document"),
    path("documents/<int:pk>/file/", pages.file, name="file"),
    path("documents/<int:pk>/provisions/<str:address>/", pages.provision, name="provision"),
    path("documents/<int:pk>/translations/new/", registering.translation, name="translation"),
    path("documents/<int:pk>/relations/new/", binding.relation, name="relation"),
    path("documents/drafts/new/", life.drafting, name="drafting"),
    path("documents/<int:pk>/wording/", life.wording, name="wording"),
    path("documents/<int:pk>/stage/", life.stage, name="stage"),
    path("documents/<int:pk>/opinions/", life.opinions, name="opinions"),
    path("documents/<int:pk>/opinions/new/", life.opinions_asked, name="opinions_asked"),
    path("opinion-requests/<int:pk>/opinion/", life.opinion, name="opinion"),
    path("opinions/<int:pk>/answer/", life.answer, name="answer"),
    path("documents/<int:pk>/signature/", life.signature, name="signature"),
    path("documents/<int:pk>/end/", life.end, name="end"),
    path("relations/<int:pk>/removal/", binding.removal, name="relation_removal"),
    path("citations/<int:pk>/relation/", binding.cited, name="cited"),
    path("citations/<int:pk>/setting-aside/", binding.setting_aside, name="setting_aside"),
]
