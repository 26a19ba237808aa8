"""Fair timing: paired ratios between two sessions on one core. `ratio` is arithmetic, `pairs` takes the times."""
