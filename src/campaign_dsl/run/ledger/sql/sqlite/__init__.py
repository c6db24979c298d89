"""What only SQLite is asked, or is asked in words of its own."""
