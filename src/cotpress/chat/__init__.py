"""Language models that answer: requests, replies, a cache of what was paid for, and who to ask."""
