"""Files, folders, data sets and objects into rows."""
