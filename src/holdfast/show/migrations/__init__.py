"""How the desk's tables came to be; written by `makemigrations`, run by `holdfast serve`."""
