"""Fair timing: paired ratios between two sessions on one core."""
