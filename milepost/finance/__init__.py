"""The arithmetic of motor finance: pure functions of terms, dates and money, without Django and without a database."""

ENGINE = "1"
"""The version of the calculation rules, kept with every stored figure: raised when a rule changes what comes out."""
