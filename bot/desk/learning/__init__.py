"""What people say of the desk's own work: labels and ratings."""

from bot.desk.learning.feedback import LABELS, STARS, Feedback, Rating, TriageLabel

__all__ = ["LABELS", "STARS", "Feedback", "Rating", "TriageLabel"]
