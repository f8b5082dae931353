from django.urls import path

from tiendo.documents.views import binding, pages, registering

app_name = "documents"

urlpatterns = [
    path("documents/", pages.documents, name="documents"),
    path("documents/new/", registering.registration, name="registration"),
    path("documents/<int:pk>/", pages.document, name="document"),
    path("documents/<int:pk>/file/", pages.file, name="file"),
    path("documents/<int:pk>/provisions/<str:address>/", pages.provision, name="provision"),
    path("documents/<int:pk>/translations/new/", registering.translation, name="translation"),
    path("documents/<int:pk>/relations/new/", binding.relation, name="relation"),
    path("relations/<int:pk>/removal/", binding.removal, name="relation_removal"),
    path("citations/<int:pk>/relation/", binding.cited, name="cited"),
    path("citations/<int:pk>/setting-aside/", binding.setting_aside, name="setting_aside"),
]
