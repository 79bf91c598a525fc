"""What every room may use: clock, ids, money, who acts, and errors that people can act on."""
