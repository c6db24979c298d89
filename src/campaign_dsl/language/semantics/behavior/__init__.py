"""What makes a campaign happen for a customer, how often, and how much of it there is."""
