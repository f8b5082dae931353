from django.urls import path

from tiendo.figures import views

app_name = "figures"

urlpatterns = [path("figures/<str:key>/", views.figure, name="figure")]
