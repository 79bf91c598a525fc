"""HTTP of reports: an address to a question, an answer to a page or a file."""
