"""Settings, addresses, navigation, Today, wiring and the command line."""
