"""What the pages of reports show: figures, plots and rows, put into words for templates."""
