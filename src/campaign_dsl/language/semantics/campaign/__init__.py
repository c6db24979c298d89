"""The parts of a campaign that are neither behavior, outcomes nor messages."""
