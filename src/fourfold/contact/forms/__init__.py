"""Forms of the gate's pages."""
