"""What no log line may hold: the secret words of links, signed addresses and API keys."""

import logging
import re

# what goes before it is kept: it tells which page or which key
_SECRETS = (
    re.compile(r"(/invitations/|/reset-password/[^/\s]+/|[?&]token=)[^\s&\"'<>]+"),
    re.compile(r"\b([A-Za-z0-9_.]{1,32}-)[A-Za-z0-9_]{40,}"),
)


class MaskSecrets(logging.Filter):
    """Replaces secrets in the finished line by an ellipsis; it never drops a line."""

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        masked = mask(line)
        if masked != line:
            record.msg, record.args = masked, ()
        return True


def mask(line: str) -> str:
    """Return the line without the secret words of addresses and without whatever looks like an API key."""
    for pattern in _SECRETS:
        line = pattern.sub(r"\1…", line)
    return line
