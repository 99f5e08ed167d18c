"""The law's own numbers, as dated rows with their source. A lender's choices are in `policy`, never here.

The text of some provisions was not to hand when these rows were written: those marked "to be confirmed" come from
general knowledge of the trade (domain.md marks them GK) and are to be read against the primary source before a lender
relies on them. Parliament and the FCA change rows; code asks for the one in force on a date.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from milepost.finance.money import FinanceError


class Provision(StrEnum):
    """A number that a statute, regulation or rule book sets, with its unit in its name."""

    SETTLEMENT_NOTICE_DAYS = "SETTLEMENT_NOTICE_DAYS"
    SETTLEMENT_DEFERRAL_DAYS = "SETTLEMENT_DEFERRAL_DAYS"
    SETTLEMENT_DEFERRAL_OVER_MONTHS = "SETTLEMENT_DEFERRAL_OVER_MONTHS"
    COMPENSATORY_THRESHOLD = "COMPENSATORY_THRESHOLD"
    COMPENSATORY_SHARE = "COMPENSATORY_SHARE"
    COMPENSATORY_SHARE_LAST_YEAR = "COMPENSATORY_SHARE_LAST_YEAR"
    APR_MAY_EXCEED_BY = "APR_MAY_EXCEED_BY"
    APR_MAY_FALL_SHORT_BY = "APR_MAY_FALL_SHORT_BY"
    ARREARS_NOTICE_PAYMENTS = "ARREARS_NOTICE_PAYMENTS"
    ARREARS_NOTICE_WEEKLY_PAYMENTS = "ARREARS_NOTICE_WEEKLY_PAYMENTS"
    ARREARS_NOTICE_DAYS = "ARREARS_NOTICE_DAYS"
    ARREARS_NOTICE_INTERVAL_MONTHS = "ARREARS_NOTICE_INTERVAL_MONTHS"
    DEFAULT_NOTICE_DAYS = "DEFAULT_NOTICE_DAYS"
    DEFAULT_SUM_NOTICE_DAYS = "DEFAULT_SUM_NOTICE_DAYS"
    ANNUAL_STATEMENT_MONTHS = "ANNUAL_STATEMENT_MONTHS"
    ANNUAL_STATEMENT_DAYS = "ANNUAL_STATEMENT_DAYS"
    SETTLEMENT_STATEMENT_WORKING_DAYS = "SETTLEMENT_STATEMENT_WORKING_DAYS"
    PARTIAL_SETTLEMENT_STATEMENT_WORKING_DAYS = "PARTIAL_SETTLEMENT_STATEMENT_WORKING_DAYS"
    INFORMATION_REQUEST_WORKING_DAYS = "INFORMATION_REQUEST_WORKING_DAYS"
    WITHDRAWAL_DAYS = "WITHDRAWAL_DAYS"
    WITHDRAWAL_REPAYMENT_DAYS = "WITHDRAWAL_REPAYMENT_DAYS"
    BREATHING_SPACE_DAYS = "BREATHING_SPACE_DAYS"
    COMPLAINT_SUMMARY_BUSINESS_DAYS = "COMPLAINT_SUMMARY_BUSINESS_DAYS"
    COMPLAINT_FINAL_DAYS = "COMPLAINT_FINAL_DAYS"
    OMBUDSMAN_MONTHS = "OMBUDSMAN_MONTHS"
    SUBJECT_ACCESS_MONTHS = "SUBJECT_ACCESS_MONTHS"
    SUBJECT_ACCESS_EXTENSION_MONTHS = "SUBJECT_ACCESS_EXTENSION_MONTHS"


@dataclass(frozen=True, slots=True)
class Rule:
    """One provision's value from a date on; days, months, minor units or percentage points as its name says."""

    provision: Provision
    value: Fraction
    since: date
    source: str

    @property
    def whole(self) -> int:
        """The value where it is a count: days, months, minor units."""
        return int(self.value)

    @property
    def named(self) -> str:
        """Its source and the version of it, as an answer tells them."""
        return f"{self.source} (in force since {self.since})"


_P = Provision
_TEXTS: tuple[tuple[Provision, str, date, str], ...] = (
    (_P.SETTLEMENT_NOTICE_DAYS, "28", date(2005, 5, 31), "CC (Early Settlement) Regulations 2004 (SI 2004/1483) reg 5"),
    (_P.SETTLEMENT_DEFERRAL_DAYS, "30", date(2005, 5, 31), "SI 2004/1483 reg 6: one month or, by choice, 30 days"),
    (_P.SETTLEMENT_DEFERRAL_OVER_MONTHS, "12", date(2005, 5, 31), "SI 2004/1483 reg 6: credit for more than a year"),
    (_P.COMPENSATORY_THRESHOLD, "800000", date(2011, 2, 1), "Consumer Credit Act 1974 s95A(2)"),
    (_P.COMPENSATORY_SHARE, "1/100", date(2011, 2, 1), "Consumer Credit Act 1974 s95A(3)"),
    (_P.COMPENSATORY_SHARE_LAST_YEAR, "1/200", date(2011, 2, 1), "Consumer Credit Act 1974 s95A(3)"),
    (_P.APR_MAY_EXCEED_BY, "1", date(2011, 2, 1), "SI 2010/1014 Sch 4 para 2; CONC 3.6"),
    (_P.APR_MAY_FALL_SHORT_BY, "1/10", date(2011, 2, 1), "SI 2010/1014 Sch 4 para 2; CONC 3.6"),
    (_P.ARREARS_NOTICE_PAYMENTS, "2", date(2008, 10, 1), "Consumer Credit Act 1974 s86B(1)"),
    (_P.ARREARS_NOTICE_WEEKLY_PAYMENTS, "4", date(2008, 10, 1), "CCA 1974 s86B(9): weekly or shorter intervals"),
    (_P.ARREARS_NOTICE_DAYS, "14", date(2008, 10, 1), "Consumer Credit Act 1974 s86B(2)(a)"),
    (_P.ARREARS_NOTICE_INTERVAL_MONTHS, "6", date(2008, 10, 1), "Consumer Credit Act 1974 s86B(2)(b)"),
    (_P.DEFAULT_NOTICE_DAYS, "14", date(2006, 10, 1), "Consumer Credit Act 1974 s88(2)"),
    (_P.DEFAULT_SUM_NOTICE_DAYS, "35", date(2008, 10, 1), "CCA 1974 s86E; SI 2007/1167 reg 28; to be confirmed"),
    (_P.ANNUAL_STATEMENT_MONTHS, "12", date(2008, 10, 1), "Consumer Credit Act 1974 s77A(1C)"),
    (_P.ANNUAL_STATEMENT_DAYS, "30", date(2008, 10, 1), "Consumer Credit Act 1974 s77A(1E)"),
    (_P.SETTLEMENT_STATEMENT_WORKING_DAYS, "7", date(2005, 5, 31), "CCA 1974 s97; SI 1983/1564; to be confirmed"),
    (_P.PARTIAL_SETTLEMENT_STATEMENT_WORKING_DAYS, "7", date(2011, 2, 1), "Consumer Credit Act 1974 s97A(1)"),
    (_P.INFORMATION_REQUEST_WORKING_DAYS, "12", date(1985, 5, 19), "CCA 1974 s77; SI 1983/1569"),
    (_P.WITHDRAWAL_DAYS, "14", date(2011, 2, 1), "Consumer Credit Act 1974 s66A(2); to be confirmed"),
    (_P.WITHDRAWAL_REPAYMENT_DAYS, "30", date(2011, 2, 1), "Consumer Credit Act 1974 s66A(10); to be confirmed"),
    (_P.BREATHING_SPACE_DAYS, "60", date(2021, 5, 4), "SI 2020/1311 reg 26; to be confirmed"),
    (_P.COMPLAINT_SUMMARY_BUSINESS_DAYS, "3", date(2016, 6, 30), "FCA Handbook DISP 1.5"),
    (_P.COMPLAINT_FINAL_DAYS, "56", date(2001, 12, 1), "FCA Handbook DISP 1.6: eight weeks"),
    (_P.OMBUDSMAN_MONTHS, "6", date(2001, 12, 1), "FCA Handbook DISP 2.8"),
    (_P.SUBJECT_ACCESS_MONTHS, "1", date(2018, 5, 25), "UK GDPR Article 12(3); to be confirmed"),
    (_P.SUBJECT_ACCESS_EXTENSION_MONTHS, "2", date(2018, 5, 25), "UK GDPR Article 12(3); to be confirmed"),
)  # fmt: skip

RULES: tuple[Rule, ...] = tuple(
    Rule(provision, Fraction(value), since, text) for provision, value, since, text in _TEXTS
)


def in_force(provision: Provision, on: date) -> Rule:
    """The rule in force on a date; the oldest one for earlier dates, which the books of a lender may still hold.

    Raises FinanceError when the provision has no row at all.
    """
    rows = sorted((rule for rule in RULES if rule.provision is provision), key=lambda rule: rule.since)
    if not rows:
        raise FinanceError("missing", provision, "no rule is recorded")
    return next((rule for rule in reversed(rows) if rule.since <= on), rows[0])
