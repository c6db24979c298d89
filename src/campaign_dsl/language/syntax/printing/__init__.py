"""The one canonical layout of a campaign file, in both spellings, with its comments."""
