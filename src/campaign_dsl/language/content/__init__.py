"""What messages say: templates that are checked with types before anybody reads them, and rendered within limits."""
