"""Who works in the house: users, teams, desks, offices, brands, roles, and who did what."""
