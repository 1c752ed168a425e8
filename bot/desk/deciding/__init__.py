"""The decision on a message: evidence, chances, costs, rules, and the words for it."""
