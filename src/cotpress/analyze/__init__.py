"""What a study found, as pure functions of its tables: data frames, and verdicts on the published findings."""
