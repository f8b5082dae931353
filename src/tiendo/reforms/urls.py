from django.urls import path

from tiendo.reforms import views

app_name = "reforms"

urlpatterns = [
    path("reforms/", views.reforms, name="reforms"),
    path("reforms/new/", views.new, name="new"),
    path("reforms/<int:pk>/", views.reform, name="reform"),
    path("reforms/<int:pk>/revision/", views.revision, name="revision"),
    path("reforms/<int:pk>/choices/", views.choices_made, name="choices"),
    path("reforms/<int:pk>/carrying-out/", views.carrying_out, name="carrying_out"),
    path("reforms/<int:pk>/drop/", views.drop, name="drop"),
    path("reforms/<int:pk>/moves/<slug:what>/", views.moves, name="moves"),
]
