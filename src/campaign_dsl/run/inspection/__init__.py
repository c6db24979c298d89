"""What catalogs say beside what tables are: drafting a catalog from tables, and comparing the two."""
