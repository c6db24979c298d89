"""`python -m campaign_dsl` is `campaign`."""

from campaign_dsl.doors.cli import main

if __name__ == "__main__":
    main()
