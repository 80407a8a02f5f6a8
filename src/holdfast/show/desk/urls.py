"""The addresses of accounts, comments and the desk."""

from __future__ import annotations

from django.urls import path

from holdfast.show.views import comments, contribute, desk, first, inbox, office, report, tokens, writing

pages = [
    path("account/first/<str:token>", first.first, name="first"),
    path("w/<str:asset>/comment", comments.comment, name="comment"),
    path("desk", desk.works, name="desk"),
    path("desk/w/<str:asset>", desk.work, name="desk_work"),
    path("desk/w/<str:asset>/history", desk.versions, name="desk_history"),
    path("desk/w/<str:asset>/stranger", desk.stranger, name="desk_stranger"),
    path("desk/w/<str:asset>/comments", comments.published, name="desk_comments"),
    path("desk/comment/<str:comment>/withdraw", comments.withdraw, name="desk_withdraw"),
    path("desk/pieces", writing.desk_pieces, name="desk_pieces"),
    path("desk/pieces/new/<str:kind>", writing.new, name="desk_piece_new"),
    path("desk/pieces/<str:name>", writing.piece, name="desk_piece"),
    path("desk/pieces/<str:name>/history", writing.versions, name="desk_piece_history"),
    path("w/<str:asset>/report", report.report, name="report"),
    path("contribute", contribute.contribute, name="contribute"),
    path("contribute/<str:code>", contribute.receipt, name="receipt"),
    path("desk/inbox", inbox.inbox, name="desk_inbox"),
    path("desk/comment/<int:number>", inbox.decide_comment, name="desk_decide"),
    path("desk/report/<int:number>", inbox.decide_report, name="desk_report"),
    path("desk/contribution/<int:number>", inbox.decide_contribution, name="desk_contribution"),
    path("desk/contribution/<int:number>/file/<int:file>", inbox.quarantined, name="desk_quarantined"),
    path("desk/jobs", office.jobs, name="desk_jobs"),
    path("desk/tokens", tokens.tokens, name="desk_tokens"),
    path("desk/tokens/<int:number>", tokens.revoke, name="desk_revoke"),
    path("desk/accounts", office.accounts, name="desk_accounts"),
    path("desk/accounts/<int:number>", office.office, name="desk_office"),
    path("desk/accounts/<int:number>/link", office.password_link, name="desk_link"),
    path("desk/custody/lay-down", office.lay_down, name="desk_lay_down"),
]
