"""Running a study: a YAML file to cells, cells to tables; resumable, and nothing done twice."""
