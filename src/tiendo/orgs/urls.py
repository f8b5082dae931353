from django.urls import path

from tiendo.orgs import views

app_name = "orgs"

urlpatterns = [
    path("units/", views.units, name="units"),
    path("units/<int:pk>/", views.unit, name="unit"),
]
