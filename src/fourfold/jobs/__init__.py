"""From a vacancy heard of to someone who stayed, and no one left without an answer."""
