from django.http import HttpRequest, HttpResponse


def stocktake(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")
