"""The addresses of posts, exhibitions and programmes."""

from __future__ import annotations

from django.urls import path

from holdfast.show.views import pieces

pages = [
    path("news", pieces.news, name="news"),
    path("news/<str:name>", pieces.post, name="post"),
    path("exhibitions", pieces.exhibitions, name="exhibitions"),
    path("programmes", pieces.programmes, name="programmes"),
    path("c/<str:name>", pieces.collection, name="collection"),
]
