"""Which settings to use, from a study at hand or from the published findings."""
