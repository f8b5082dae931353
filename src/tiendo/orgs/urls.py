from django.urls import path

from tiendo.orgs.views import arranging, committees, posts, units

app_name = "orgs"

urlpatterns = [
    path("units/", units.units, name="units"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/units/", arranging.founding, name="founding"),
    path("units/<int:pk>/names/", arranging.name, name="name"),
    path("units/<int:pk>/place/", arranging.place, name="place"),
    path("units/<int:pk>/posts/", posts.post, name="post"),
    path("units/<int:pk>/committees/", committees.forming, name="forming"),
    path("posts/<int:pk>/tenures/", posts.tenure, name="tenure"),
    path("posts/<int:pk>/closing/", posts.closing, name="closing"),
    path("tenures/<int:pk>/ending/", posts.ending, name="ending"),
    path("tenures/<int:pk>/group/", posts.group, name="group"),
    path("committees/", committees.committees, name="committees"),
    path("committees/<int:pk>/", committees.committee, name="committee"),
    path("committees/<int:pk>/composition/", committees.composition, name="composition"),
    path(
        "committees/<int:pk>/standing-office/", committees.standing_office, name="standing_office"
    ),
    path("committees/<int:pk>/ending/", committees.committee_ending, name="committee_ending"),
]
