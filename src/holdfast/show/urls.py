"""Every address of the site. Pages stand once for each language; files, feeds and doors for machines once."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from holdfast.show import accounts, piece_urls
from holdfast.show.desk import urls as desk
from holdfast.show.machine import api
from holdfast.show.views import about, browse, compare, home, media, restored, search, uploads, work

urlpatterns = [
    path("media/<str:asset>/<str:digest>/<str:file>", media.media, name="media"),
    *search.urlpatterns,
    *restored.urlpatterns,
    *compare.urlpatterns,
    path("w/<str:asset>/captions/<int:number>.vtt", work.captions, name="captions"),
    path("w/<str:asset>/chapters.vtt", work.chapters, name="chapters"),
    path("w/<str:asset>/cite.<str:form>", work.citation, name="citation"),
    path("", include("holdfast.show.machine.urls")),
    path("upload", uploads.uploads, name="uploads"),
    path("upload/<str:number>", uploads.upload, name="upload"),
    *i18n_patterns(
        path("", home.home, name="home"),
        path("search", search.search, name="search"),
        path("w/<str:asset>", work.work, name="work"),
        *piece_urls.pages,
        path("api/docs", api.docs, name="api_docs"),
        *desk.pages,
        *browse.urlpatterns,
        *about.urlpatterns,
        *restored.pages,
        *compare.pages,
        *accounts.without_mail,
        path("account/", include("allauth.urls")),
        prefix_default_language=False,
    ),
]
