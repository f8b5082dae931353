"""Root urls: each room brings its nouns."""

from allauth.mfa.webauthn.views import login_webauthn
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path

from tiendo.config import probes
from tiendo.people import provider
from tiendo.web import api, operations, views

handler400 = views.unread
handler500 = views.broken

urlpatterns = [
    path("healthz/live", probes.live, name="live"),
    path("healthz/ready", probes.ready, name="ready"),
    path("metrics", probes.metrics, name="metrics"),
    path("api/v1/docs", operations.operations, name="api-docs"),
    path("api/v1/", api.doors()),
    re_path("^api/", api.nowhere, name="api-nowhere"),
    # an address is given with the account and is not the account's own to change
    path("account/email/", views.closed, name="account_email"),
    path("account/", include("allauth.account.urls")),
    path(
        "account/2fa/webauthn/login/", login_not_required(login_webauthn), name="mfa_login_webauthn"
    ),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("account/provider/<slug:provider_id>/", provider.begin, name="openid_connect_login"),
    path(
        "account/provider/<slug:provider_id>/back/",
        provider.come_back,
        name="openid_connect_callback",
    ),
    path("", include("tiendo.orgs.urls")),
    path("", include("tiendo.access.urls")),
    path("", include("tiendo.documents.urls")),
    path("", include("tiendo.tasks.urls")),
    path("", include("tiendo.intake.urls")),
    path("", include("tiendo.reforms.urls")),
    path("", include("tiendo.figures.urls")),
    path("", include("tiendo.notifications.urls")),
    path("", include("tiendo.exchange.urls")),
    path("", include("tiendo.web.urls")),
]
