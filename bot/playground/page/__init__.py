"""The page in the browser: what it fetches, what it is told, what its panel controls."""
