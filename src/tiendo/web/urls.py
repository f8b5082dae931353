from django.urls import path

from tiendo.web import account, guide, history, mywork, search, stocktake, tokens, views

app_name = "web"

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.language, name="language"),
    path("stocktake/", stocktake.stocktake, name="stocktake"),
    path("my-work/", mywork.my_work, name="my_work"),
    path("history/", history.record, name="record"),
    path("history/anchor/", history.anchor, name="anchor"),
    path("history/script/", history.script, name="receipt_script"),
    path("history/entry/<int:pk>/", history.entry, name="entry"),
    path("history/entry/<int:pk>/receipt/", history.receipt, name="receipt"),
    path("history/<str:subject>/", history.history, name="history"),
    path("help/", guide.guide, name="guide"),
    path("search/", search.search, name="search"),
    path("account/", account.account, name="account"),
    path("account/proven/", account.proven, name="proven"),
    path("account/sessions/<int:pk>/ending/", account.session_ending, name="session_ending"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/<int:pk>/ending/", tokens.ending, name="token_ending"),
]
