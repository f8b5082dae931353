from django.urls import path

from tiendo.access.views import grants, invitations, people, sheets, whys

app_name = "access"

urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/grants/", grants.to_person, name="grant_to_person"),
    path("people/<int:pk>/closing/", people.closing, name="closing"),
    path("people/<int:pk>/reopening/", people.reopening, name="reopening"),
    path("people/<int:pk>/reset/", people.reset, name="reset"),
    path("people/sheets/", sheets.sheet, name="sheet"),
    path("people/sheets/entry/", sheets.entry, name="sheet_entry"),
    path("people/sheets/template/", sheets.template, name="sheet_template"),
    path("people/sheets/<int:pk>/", sheets.brought_in, name="sheet_brought_in"),
    path("people/invitations/", invitations.invitations, name="invitations"),
    path("people/invitations/new/", invitations.new, name="new_invitation"),
    path("people/invitations/<int:pk>/letter/", invitations.letter, name="letter"),
    path("people/invitations/<int:pk>/revocation/", invitations.revocation, name="revocation"),
    path("invitation/<slug:secret>/", invitations.invitation, name="invitation"),
    path("units/<int:pk>/grants/", grants.over_unit, name="grant_over_unit"),
    path("posts/<int:pk>/grants/", grants.to_post, name="grant_to_post"),
    path("posts/<int:pk>/delegations/", grants.delegation, name="delegation"),
    path("grants/<int:pk>/ending/", grants.ending, name="grant_ending"),
    path("delegations/<int:pk>/ending/", grants.delegation_ending, name="delegation_ending"),
    path("why/", whys.reasons, name="why"),
]
