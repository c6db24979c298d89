"""Where the sample retailer's customers live and where its shops are."""

from __future__ import annotations

from typing import NamedTuple


class Store(NamedTuple):
    """A shop, a shop with a café (``kind`` cafe), or a partner's cinema.

    ``latitude`` and ``longitude`` are degrees, WGS 84, north and east positive.
    """

    store_id: str
    name: str
    city: str
    region: str
    country: str
    time_zone: str
    latitude: float
    longitude: float
    kind: str = "shop"


class Place(NamedTuple):
    """A region customers live in."""

    country: str
    """ISO 3166-1 code."""
    region: str
    """ISO 3166-2 code without the country."""
    language: str
    """BCP 47 code."""
    time_zone: str
    utc_offset: int
    """Minutes east of UTC in winter. It only shapes the hours of events, which a tz database would change with each of
    its versions."""
    weight: int
    """How many customers live here, relative to other places."""
    pool: str
    """Which names are common here: a key of :data:`~campaign_dsl.run.sample.names.POOLS`."""
    stores: tuple[str, ...]
    """Ids of the shops people from here go to; empty: they buy online only."""


STORES = [
    Store("S001", "Boston Downtown Crossing", "Boston", "MA", "US", "America/New_York", 42.3555, -71.0602, "cafe"),
    Store("S002", "Boston Back Bay", "Boston", "MA", "US", "America/New_York", 42.3503, -71.0810, "cafe"),
    Store("S003", "New York SoHo", "New York", "NY", "US", "America/New_York", 40.7233, -74.0030, "cafe"),
    Store("S004", "New York Brooklyn", "New York", "NY", "US", "America/New_York", 40.6782, -73.9442),
    Store("S005", "Philadelphia", "Philadelphia", "PA", "US", "America/New_York", 39.9526, -75.1652),
    Store("S006", "Washington", "Washington", "DC", "US", "America/New_York", 38.9072, -77.0369, "cafe"),
    Store("S007", "Charlotte", "Charlotte", "NC", "US", "America/New_York", 35.2271, -80.8431),
    Store("S008", "Atlanta", "Atlanta", "GA", "US", "America/New_York", 33.7490, -84.3880),
    Store("S009", "Miami Beach", "Miami", "FL", "US", "America/New_York", 25.7617, -80.1918),
    Store("S010", "Columbus", "Columbus", "OH", "US", "America/New_York", 39.9612, -82.9988),
    Store("S011", "Detroit", "Detroit", "MI", "US", "America/Detroit", 42.3314, -83.0458),
    Store("S012", "Indianapolis", "Indianapolis", "IN", "US", "America/Indiana/Indianapolis", 39.7684, -86.1581),
    Store("S013", "Chicago Loop", "Chicago", "IL", "US", "America/Chicago", 41.8781, -87.6298, "cafe"),
    Store("S014", "Minneapolis", "Minneapolis", "MN", "US", "America/Chicago", 44.9778, -93.2650),
    Store("S015", "Nashville", "Nashville", "TN", "US", "America/Chicago", 36.1627, -86.7816),
    Store("S016", "Houston", "Houston", "TX", "US", "America/Chicago", 29.7604, -95.3698),
    Store("S017", "Dallas", "Dallas", "TX", "US", "America/Chicago", 32.7767, -96.7970, "cafe"),
    Store("S018", "Austin", "Austin", "TX", "US", "America/Chicago", 30.2672, -97.7431),
    Store("S019", "Denver", "Denver", "CO", "US", "America/Denver", 39.7392, -104.9903),
    Store("S020", "Salt Lake City", "Salt Lake City", "UT", "US", "America/Denver", 40.7608, -111.8910),
    Store("S021", "Phoenix", "Phoenix", "AZ", "US", "America/Phoenix", 33.4484, -112.0740),
    Store("S022", "Las Vegas", "Las Vegas", "NV", "US", "America/Los_Angeles", 36.1716, -115.1391),
    Store("S023", "Los Angeles", "Los Angeles", "CA", "US", "America/Los_Angeles", 34.0522, -118.2437, "cafe"),
    Store("S024", "San Diego", "San Diego", "CA", "US", "America/Los_Angeles", 32.7157, -117.1611),
    Store("S025", "San Francisco", "San Francisco", "CA", "US", "America/Los_Angeles", 37.7749, -122.4194, "cafe"),
    Store("S026", "Portland", "Portland", "OR", "US", "America/Los_Angeles", 45.5152, -122.6784),
    Store("S027", "Seattle", "Seattle", "WA", "US", "America/Los_Angeles", 47.6062, -122.3321, "cafe"),
    Store("S028", "Honolulu", "Honolulu", "HI", "US", "Pacific/Honolulu", 21.3069, -157.8583),
    Store("S029", "Toronto", "Toronto", "ON", "CA", "America/Toronto", 43.6532, -79.3832),
    Store("S030", "Montréal", "Montréal", "QC", "CA", "America/Toronto", 45.5019, -73.5674),
    Store("S031", "Vancouver", "Vancouver", "BC", "CA", "America/Vancouver", 49.2827, -123.1207),
    Store("S032", "Ciudad de México", "Ciudad de México", "CMX", "MX", "America/Mexico_City", 19.4326, -99.1332),
    Store("S033", "London Oxford Street", "London", "ENG", "GB", "Europe/London", 51.5154, -0.1410, "cafe"),
    Store("S034", "Dublin", "Dublin", "D", "IE", "Europe/Dublin", 53.3498, -6.2603),
    Store("S035", "Berlin", "Berlin", "BE", "DE", "Europe/Berlin", 52.5200, 13.4050),
    Store("S036", "Paris", "Paris", "IDF", "FR", "Europe/Paris", 48.8566, 2.3522, "cafe"),
    Store("S037", "Mumbai", "Mumbai", "MH", "IN", "Asia/Kolkata", 19.0760, 72.8777),
    Store("S038", "Tokyo Shibuya", "Tokyo", "13", "JP", "Asia/Tokyo", 35.6580, 139.7016, "cafe"),
    Store("S039", "Sydney", "Sydney", "NSW", "AU", "Australia/Sydney", -33.8688, 151.2093),
    Store("S040", "Auckland", "Auckland", "AUK", "NZ", "Pacific/Auckland", -36.8509, 174.7645),
]

CINEMAS = [
    Store("C01", "Fenway Screens", "Boston", "MA", "US", "America/New_York", 42.3440, -71.1003, "cinema"),
    Store("C02", "Hudson Picture House", "New York", "NY", "US", "America/New_York", 40.7527, -74.0060, "cinema"),
    Store("C03", "Lakeview Cinema", "Chicago", "IL", "US", "America/Chicago", 41.9390, -87.6550, "cinema"),
    Store("C04", "Sunset Palace", "Los Angeles", "CA", "US", "America/Los_Angeles", 34.0980, -118.3260, "cinema"),
    Store("C05", "The Strand", "London", "ENG", "GB", "Europe/London", 51.5113, -0.1198, "cinema"),
    Store("C06", "Lichtspiele", "Berlin", "BE", "DE", "Europe/Berlin", 52.5069, 13.3320, "cinema"),
]

CITIES = {
    "America/Anchorage": (61.2181, -149.9003),
    "America/Puerto_Rico": (18.4655, -66.1057),
    "America/Edmonton": (53.5461, -113.4938),
    "America/Halifax": (44.6488, -63.5752),
    "America/St_Johns": (47.5615, -52.7126),
    "America/Sao_Paulo": (-23.5505, -46.6333),
    "America/Bogota": (4.7110, -74.0721),
    "America/Argentina/Buenos_Aires": (-34.6037, -58.3816),
    "America/Santiago": (-33.4489, -70.6693),
    "Europe/Lisbon": (38.7223, -9.1393),
    "Europe/Madrid": (40.4168, -3.7038),
    "Europe/Rome": (41.9028, 12.4964),
    "Europe/Warsaw": (52.2297, 21.0122),
    "Europe/Stockholm": (59.3293, 18.0686),
    "Atlantic/Reykjavik": (64.1466, -21.9426),
    "Europe/Athens": (37.9838, 23.7275),
    "Europe/Istanbul": (41.0082, 28.9784),
    "Africa/Cairo": (30.0444, 31.2357),
    "Africa/Lagos": (6.5244, 3.3792),
    "Africa/Nairobi": (-1.2921, 36.8219),
    "Africa/Johannesburg": (-26.2041, 28.0473),
    "Asia/Dubai": (25.2048, 55.2708),
    "Asia/Kathmandu": (27.7172, 85.3240),
    "Asia/Singapore": (1.3521, 103.8198),
    "Asia/Manila": (14.5995, 120.9842),
    "Asia/Ho_Chi_Minh": (10.8231, 106.6297),
    "Asia/Jakarta": (-6.2088, 106.8456),
    "Asia/Seoul": (37.5665, 126.9780),
    "Australia/Adelaide": (-34.9285, 138.6007),
    "Australia/Perth": (-31.9523, 115.8613),
    "Australia/Lord_Howe": (-31.5553, 159.0821),
    "Pacific/Chatham": (-43.9535, -176.5597),
    "Pacific/Marquesas": (-8.9110, -140.1000),
    "Pacific/Kiritimati": (1.8721, -157.4278),
}
"""Where the city is that gives a zone its name, of places without a shop."""


def home_of(place: Place) -> tuple[str, float, float]:
    """The city most customers of a place live around, and its degrees north and east."""
    for store in STORES:
        if place.stores and store.store_id == place.stores[0]:
            return store.city, store.latitude, store.longitude
    latitude, longitude = CITIES[place.time_zone]
    return place.time_zone.rpartition("/")[2].replace("_", " "), latitude, longitude


PLACES = [
    Place("US", "MA", "en", "America/New_York", -300, 45, "english", ("S001", "S001", "S002")),
    Place("US", "NY", "en", "America/New_York", -300, 60, "english", ("S003", "S004")),
    Place("US", "NJ", "es", "America/New_York", -300, 15, "hispanic", ("S003", "S005")),
    Place("US", "PA", "en", "America/New_York", -300, 30, "english", ("S005",)),
    Place("US", "VA", "en", "America/New_York", -300, 25, "english", ("S006",)),
    Place("US", "NC", "en", "America/New_York", -300, 25, "english", ("S007",)),
    Place("US", "GA", "en", "America/New_York", -300, 30, "english", ("S008",)),
    Place("US", "FL", "en", "America/New_York", -300, 25, "english", ("S009",)),
    Place("US", "FL", "es", "America/New_York", -300, 20, "hispanic", ("S009",)),
    Place("US", "OH", "en", "America/New_York", -300, 25, "english", ("S010",)),
    Place("US", "MI", "en", "America/Detroit", -300, 20, "english", ("S011",)),
    Place("US", "IN", "en", "America/Indiana/Indianapolis", -300, 15, "english", ("S012",)),
    Place("US", "IL", "en", "America/Chicago", -360, 35, "english", ("S013",)),
    Place("US", "MN", "en", "America/Chicago", -360, 15, "nordic", ("S014",)),
    Place("US", "TN", "en", "America/Chicago", -360, 15, "english", ("S015",)),
    Place("US", "TX", "en", "America/Chicago", -360, 40, "english", ("S016", "S017", "S018")),
    Place("US", "TX", "es", "America/Chicago", -360, 20, "hispanic", ("S016", "S018")),
    Place("US", "CO", "en", "America/Denver", -420, 20, "english", ("S019",)),
    Place("US", "UT", "en", "America/Denver", -420, 10, "english", ("S020",)),
    Place("US", "AZ", "en", "America/Phoenix", -420, 15, "english", ("S021",)),
    Place("US", "NV", "en", "America/Los_Angeles", -480, 10, "english", ("S022",)),
    Place("US", "CA", "en", "America/Los_Angeles", -480, 50, "english", ("S023", "S024", "S025")),
    Place("US", "CA", "es", "America/Los_Angeles", -480, 20, "hispanic", ("S023", "S024")),
    Place("US", "CA", "zh", "America/Los_Angeles", -480, 8, "chinese", ("S023", "S025")),
    Place("US", "OR", "en", "America/Los_Angeles", -480, 10, "english", ("S026",)),
    Place("US", "WA", "en", "America/Los_Angeles", -480, 20, "english", ("S027",)),
    Place("US", "AK", "en", "America/Anchorage", -540, 3, "english", ()),
    Place("US", "HI", "en", "Pacific/Honolulu", -600, 6, "polynesian", ("S028",)),
    Place("PR", "SJ", "es", "America/Puerto_Rico", -240, 8, "hispanic", ()),
    Place("CA", "ON", "en", "America/Toronto", -300, 25, "english", ("S029",)),
    Place("CA", "QC", "fr", "America/Toronto", -300, 15, "french", ("S030",)),
    Place("CA", "BC", "en", "America/Vancouver", -480, 12, "english", ("S031",)),
    Place("CA", "AB", "en", "America/Edmonton", -420, 6, "english", ()),
    Place("CA", "NS", "en", "America/Halifax", -240, 3, "english", ()),
    Place("CA", "NL", "en", "America/St_Johns", -210, 3, "irish", ()),
    Place("MX", "CMX", "es", "America/Mexico_City", -360, 15, "hispanic", ("S032",)),
    Place("BR", "SP", "pt", "America/Sao_Paulo", -180, 10, "portuguese", ()),
    Place("CO", "DC", "es", "America/Bogota", -300, 4, "hispanic", ()),
    Place("AR", "B", "es", "America/Argentina/Buenos_Aires", -180, 4, "hispanic", ()),
    Place("CL", "RM", "es", "America/Santiago", -240, 3, "hispanic", ()),
    Place("GB", "ENG", "en", "Europe/London", 0, 35, "english", ("S033",)),
    Place("IE", "D", "en", "Europe/Dublin", 0, 8, "irish", ("S034",)),
    Place("PT", "11", "pt", "Europe/Lisbon", 0, 3, "portuguese", ()),
    Place("FR", "IDF", "fr", "Europe/Paris", 60, 14, "french", ("S036",)),
    Place("DE", "BE", "de", "Europe/Berlin", 60, 16, "german", ("S035",)),
    Place("ES", "MD", "es", "Europe/Madrid", 60, 8, "hispanic", ()),
    Place("IT", "62", "it", "Europe/Rome", 60, 8, "italian", ()),
    Place("PL", "14", "pl", "Europe/Warsaw", 60, 6, "polish", ()),
    Place("SE", "AB", "sv", "Europe/Stockholm", 60, 5, "nordic", ()),
    Place("IS", "1", "is", "Atlantic/Reykjavik", 0, 1, "nordic", ()),
    Place("GR", "I", "el", "Europe/Athens", 120, 3, "greek", ()),
    Place("TR", "34", "tr", "Europe/Istanbul", 180, 4, "turkish", ()),
    Place("EG", "C", "ar", "Africa/Cairo", 120, 3, "arabic", ()),
    Place("NG", "LA", "en", "Africa/Lagos", 60, 4, "african", ()),
    Place("KE", "30", "sw", "Africa/Nairobi", 180, 2, "african", ()),
    Place("ZA", "GP", "en", "Africa/Johannesburg", 120, 3, "african", ()),
    Place("AE", "DU", "ar", "Asia/Dubai", 240, 4, "arabic", ()),
    Place("IN", "MH", "hi", "Asia/Kolkata", 330, 14, "indian", ("S037",)),
    Place("NP", "P3", "ne", "Asia/Kathmandu", 345, 2, "nepali", ()),
    Place("SG", "01", "en", "Asia/Singapore", 480, 4, "chinese", ()),
    Place("PH", "00", "en", "Asia/Manila", 480, 5, "southeast_asian", ()),
    Place("VN", "SG", "vi", "Asia/Ho_Chi_Minh", 420, 3, "southeast_asian", ()),
    Place("ID", "JK", "id", "Asia/Jakarta", 420, 3, "southeast_asian", ()),
    Place("KR", "11", "ko", "Asia/Seoul", 540, 5, "korean", ()),
    Place("JP", "13", "ja", "Asia/Tokyo", 540, 12, "japanese", ("S038",)),
    Place("AU", "NSW", "en", "Australia/Sydney", 600, 12, "english", ("S039",)),
    Place("AU", "SA", "en", "Australia/Adelaide", 570, 3, "english", ()),
    Place("AU", "WA", "en", "Australia/Perth", 480, 3, "english", ()),
    Place("AU", "NSW", "en", "Australia/Lord_Howe", 630, 1, "english", ()),
    Place("NZ", "AUK", "en", "Pacific/Auckland", 720, 6, "polynesian", ("S040",)),
    Place("NZ", "CIT", "en", "Pacific/Chatham", 765, 1, "polynesian", ()),
    Place("PF", "M", "fr", "Pacific/Marquesas", -570, 1, "polynesian", ()),
    Place("KI", "L", "en", "Pacific/Kiritimati", 840, 1, "polynesian", ()),
]
