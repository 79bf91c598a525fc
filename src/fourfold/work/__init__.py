"""Notes, tasks, and what colleagues are told of them."""
