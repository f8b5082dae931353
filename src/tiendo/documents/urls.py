from django.urls import path

from tiendo.documents import views

app_name = "documents"

urlpatterns = [
    path("documents/", views.documents, name="documents"),
    path("documents/new/", views.registration, name="registration"),
    path("documents/<int:pk>/", views.document, name="document"),
    path("documents/<int:pk>/file/", views.file, name="file"),
]
