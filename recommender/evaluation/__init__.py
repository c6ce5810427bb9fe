"""How good a ranking is: metrics over the full ranking, and calibration."""
