from django.urls import path

from tiendo.notifications import views

app_name = "notifications"

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/reading/", views.all_reading, name="all_reading"),
    path("notices/wishes/", views.wishes, name="wishes"),
    path("notices/<int:pk>/reading/", views.reading, name="reading"),
]
