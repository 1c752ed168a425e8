"""What can go wrong, in words for the person who reads it."""

from __future__ import annotations


class FrontlineError(Exception):
    """Root of every error that Frontline raises on purpose.

    The message says what happened, to what, and what to do.
    """


class ConfigurationError(FrontlineError):
    """A setting is missing or cannot be read."""


class TransitionError(FrontlineError):
    """A ticket or an escalation was asked to move where its table allows no way."""

    def __init__(self, subject: str, state: str, wanted: str) -> None:
        """Name the subject, where it stands and where it was sent."""
        super().__init__(f"{subject} is {state} and cannot become {wanted}.")


class StaleStateError(FrontlineError):
    """Somebody else changed a record between reading and writing it."""

    def __init__(self, subject: str) -> None:
        """Name the record that changed."""
        super().__init__(f"{subject} was changed by somebody else in the meantime.")


class DeliveryError(FrontlineError):
    """Slack refused a message for good; sending it again would not help."""


class RetryableDeliveryError(FrontlineError):
    """Slack could not take a message now; it may take it later."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """Keep Slack's own wish for the pause, in seconds, where it gave one."""
        super().__init__(message)
        self.retry_after = retry_after


class ShutOutError(RetryableDeliveryError):
    """Slack refuses Frontline itself: nothing goes out until an admin has mended it.

    `whole` says that nothing at all goes out, else one way of sending alone; `needed` is the
    permission that is missing, where Slack named one.
    """

    def __init__(self, message: str, *, whole: bool, needed: str | None = None) -> None:
        """Tell how far it reaches."""
        super().__init__(message)
        self.whole = whole
        self.needed = needed


class MisdirectedError(RetryableDeliveryError):
    """A target outside Slack refuses Frontline, or has moved: nothing goes there until mended."""


class UncertainDeliveryError(RetryableDeliveryError):
    """The answer was lost on the way: the message may have arrived, or not."""
