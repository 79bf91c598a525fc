"""How messages leave the house: protocols spoken on sockets, plain values in and out."""
