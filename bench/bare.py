"""What the pages are measured against: Django with nothing but one template of thirty rows, and
WhiteNoise with one file. Served by the same gunicorn with the same workers."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.template import engines
from django.urls import path

ROWS = [{"ref": f"{n}/2018", "wording": "Write one page of signs", "due": n} for n in range(30)]
PAGE = """<!doctype html><html lang="en"><title>Thirty rows</title><table>
{% for row in rows %}<tr><td>{{ row.ref }}</td><td>{{ row.wording }}</td><td>{{ row.due }}</td></tr>
{% endfor %}</table></html>"""


def page(request):
    return HttpResponse(TEMPLATE.render({"rows": ROWS}))


settings.configure(
    SECRET_KEY="a bare page keeps no secret",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    MIDDLEWARE=["whitenoise.middleware.WhiteNoiseMiddleware"],
    STATIC_ROOT=os.environ["BENCH_FILES"],
    STATIC_URL="/static/",
)
urlpatterns = [path("", page)]
application = get_wsgi_application()
TEMPLATE = engines["django"].from_string(PAGE)
