"""Looking at campaigns without running them: what they mean, whom they reach, what they would give."""
