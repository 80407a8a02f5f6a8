"""Korean: morning or afternoon is said before the hour, with the date as without it."""

DATETIME_FORMAT = "Y년 n월 j일 A g:i"
