"""Speed, memory and accuracy, one command each; every table compares side by side in one run."""
