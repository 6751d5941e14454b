"""A text into units, and where its code, formulas and brackets stand."""
