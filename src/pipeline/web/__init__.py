"""What report, site and desk share: templates, style, words, plots and marked passages."""
