"""What the pages of the gate show, in words."""
