"""One module a command: add_parser(commands, about) and what it does."""
