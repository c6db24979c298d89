"""How engines answer audiences: worlds of any size, our SQL beside SQL by hand, one audience beside a thousand."""
