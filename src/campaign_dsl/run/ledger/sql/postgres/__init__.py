"""What only PostgreSQL is asked, or is asked in words of its own."""
