"""Words of the sample world: films, videos, reviews, interests, and names of the sample catalog."""

from __future__ import annotations

INTERESTS = ("running", "hiking", "basketball", "fashion", "coffee", "cinema", "travel", "music")
"""Eight, a bit for each."""

_FILMS = {
    "The Long Way to Lisbon": "drama",
    "Paper Tigers": "comedy",
    "Night Ferry": "thriller",
    "Orbit Nine": "action",
    "The Hedgehog Prince": "animation",
    "Mothers of the Plaza": "documentary",
    "Two Left Shoes": "comedy",
    "Salt": "drama",
    "Runaway Signal": "action",
    "A Map of Clouds": "animation",
    "The Quiet Tenant": "thriller",
    "Café Nostalgia": "drama",
}

WORDS: dict[str, list[str] | list[int]] = {
    "films": list(_FILMS),
    "genres": list(_FILMS.values()),
    "videos": [
        "How a shoe is made",
        "Lacing for long runs",
        "The summer collection",
        "Our café",
        "Ten years of Stride",
    ],
    "sweepstakes": ["marathon_places", "summer_trip", "year_of_coffee"],
    "rewards": ["free_coffee", "tote_bag", "laces", "movie_night"],
    "prices": [250, 900, 400, 1500],
    "reviews": ["Broke in a week", "Too narrow for me", "They are all right", "Good shoes", "Best I ever had"],
    "streets": ["Main Street", "Oak Avenue", "Mill Lane", "Station Road", "Hill Street", "Park Row", "Church Street"],
    "kids": ["Ella", "Noah", "Mia", "Leo", "Ava", "Finn", "Zoe", "Max", "Lily", "Sam", "Nora", "Theo", "Ines", "Paul"],
    "tags": ["vip", "win_back", "runner", "coffee_lover", "film_lover", "sweepstake", "unhappy", "reviewer", "welcome"],
    "offers": [
        "birthday_half_price",
        "welcome_ten",
        "we_miss_you",
        "five_off",
        "free_laces",
        "muffin_and_coffee",
        "seat_for_a_friend",
    ],
    "codes": ["SUMMER26", "WELCOME10", "MARATHON"],
}
"""What the SQL draws from, by the name of the variable."""
