from django.urls import path

from tiendo.web import account, mywork, search, stocktake, tokens, views

app_name = "web"

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.language, name="language"),
    path("stocktake/", stocktake.stocktake, name="stocktake"),
    path("my-work/", mywork.my_work, name="my_work"),
    path("search/", search.search, name="search"),
    path("account/", account.account, name="account"),
    path("account/proven/", account.proven, name="proven"),
    path("account/sessions/<int:pk>/ending/", account.session_ending, name="session_ending"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/<int:pk>/ending/", tokens.ending, name="token_ending"),
]
