"""Log lines without the secrets that addresses carry."""

import logging
import re

TOKEN = re.compile(r"/(reset|invitation)/[A-Za-z0-9_-]{8,}")


class WithoutTokens(logging.Filter):
    """Django logs the address of every failed request; a link's token in it would open an account."""

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        if TOKEN.search(line):
            record.msg, record.args = TOKEN.sub(r"/\1/…", line), None
        return True
