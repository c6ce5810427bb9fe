"""The questionnaire: one step a page, from what was typed to a profile."""
