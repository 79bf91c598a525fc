"""HTTP of the gate's pages."""
