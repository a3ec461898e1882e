"""Every failure that a caller can anticipate.

Services and queries raise these; `views.errors` and `api.errors` turn them into pages and answers.
Anything else that is raised is a bug.
"""

# after how long a client may try again what was `Unavailable`
RETRY_AFTER_SECONDS = 2


class LineageError(Exception):
    """Carries a sentence for the person who made the request."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(LineageError):
    """The thing does not exist, or the viewer may not see it: the two answer alike."""


class Forbidden(LineageError):
    """The viewer sees the thing but may not do this with it."""


class Unauthenticated(LineageError):
    """Nobody is signed in, or the API key is not valid."""


class Conflict(LineageError):
    """The change contradicts what is already there."""


class InvalidInput(LineageError):
    """The input has the wrong form; repeating it unchanged will fail again."""


class TooLarge(LineageError):
    """The input is over a limit that the message names."""


class Unavailable(LineageError):
    """A passing fault, such as a locked database or a full disk; trying again later may work."""
