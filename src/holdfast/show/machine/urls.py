"""The addresses of the doors for machines; each stands once, not for each language."""

from __future__ import annotations

from django.urls import path

from holdfast.show.machine import api, pieces, views

urlpatterns = [
    path("feed.rss", views.rss, name="feed_rss"),
    path("feed.atom", views.atom, name="feed_atom"),
    path("podcast.rss", views.podcast, name="podcast"),
    path("news.rss", pieces.news_rss, name="news_rss"),
    path("news.atom", pieces.news_atom, name="news_atom"),
    path("sitemap-pages.xml", pieces.sitemap, name="sitemap_pieces"),
    path("sitemap.xml", views.sitemap_index, name="sitemap_index"),
    path("sitemap-<int:part>.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("opensearch.xml", views.opensearch, name="opensearch"),
    path("oembed", views.oembed, name="oembed"),
    path("embed/<str:asset>", views.embed, name="embed"),
    path("w/<str:asset>/manifest.json", views.manifest, name="manifest"),
    path("api/", api.api.urls),
]
