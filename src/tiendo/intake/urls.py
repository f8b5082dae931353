from django.urls import path

from tiendo.intake import views

app_name = "intake"

urlpatterns = [
    path("desk/", views.desks, name="desks"),
    path("desk/<int:pk>/", views.desk, name="desk"),
    path("desk/<int:pk>/programme/", views.programme, name="programme"),
    path("desk/<int:pk>/issue/", views.issue, name="issue"),
    path("documents/<int:pk>/reading/", views.reading, name="reading"),
    path("proposals/<int:pk>/acceptance/", views.acceptance, name="acceptance"),
    path("proposals/<int:pk>/edit/", views.edit, name="edit"),
    path("proposals/<int:pk>/refusal/", views.refusal, name="refusal"),
    path("proposals/<int:pk>/reopening/", views.reopening, name="reopening"),
]
