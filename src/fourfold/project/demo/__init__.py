"""The demo house: a simulated agency with people who have names, put into an empty house through its doors."""
