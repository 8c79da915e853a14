"""What every page of ours is made with: templates, style, words, plots and marked passages."""
