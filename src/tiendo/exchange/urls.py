from django.urls import path

from tiendo.exchange import views

app_name = "exchange"

urlpatterns = [
    path("account/calendars/", views.calendars, name="calendars"),
    path("account/calendars/<int:pk>/ending/", views.calendar_ending, name="calendar_ending"),
    path("calendar/<str:secret>.ics", views.calendar, name="calendar"),
    path("webhooks/", views.hooks, name="hooks"),
    path("webhooks/new/", views.new_hook, name="new_hook"),
    path("webhooks/<int:pk>/", views.hook, name="hook"),
    path("webhooks/<int:pk>/ending/", views.hook_ending, name="hook_ending"),
    path("webhooks/<int:pk>/secret/", views.hook_secret, name="hook_secret"),
    path("webhooks/<int:pk>/replay/", views.hook_replay, name="hook_replay"),
]
