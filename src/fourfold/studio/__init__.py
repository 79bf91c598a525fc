"""Brand kits: how each brand of the house looks and what it must say."""
