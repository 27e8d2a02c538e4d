"""The policy that ``rolecall init`` writes: every line is a comment, or what holds anyway."""

from __future__ import annotations

__all__ = ["POLICY_TEMPLATE"]

POLICY_TEMPLATE = """\
# The rules that the audit holds the registry against. Every line is optional: what is not said
# here is the default of the catalogue (rolecall controls).

[policy]
name = "Social media policy"
# version = "2026-1"                      # what people acknowledge in people.policy_version
# next_review = 2027-01-31                # the day by which the policy itself is reviewed
clearance_levels = ["A", "B", "C"]        # low to high; managers must have C
# approved_platforms = ["facebook", "instagram", "website"]
# approved_apps = ["buffer"]
# legal_names = ["Diocese of Example"]      # in whose name domains may be registered
# portfolios = ["Diocese of Example"]       # business portfolios that own your pages and channels
# payees = ["Diocese of Example"]           # who may pay for advertisements and get donations
# privacy_law = "gdpr"                      # or "kdg", or "none" where no such law applies
# sanction_ladder = ["reprimand", "written_warning", "termination"]   # if you are bound to one
# incidents_to = "heads"                    # otherwise officers alone hear of incidents
# language = "es"                          # in which people are told: "en" or "es"
# words_for_nothing = ["see Anna"]           # read as empty cells, as N/A, TBD and - always are
# words_for_something = ["tbc"]              # and these are not: a name or an id
# roster_leavers_share = 0.2                 # a roster by which more than a fifth would leave at
# roster_leavers_least = 3                   # once, and three or more, is refused

# Where your own policy asks for what a control looks at; findings and reports cite it:
# [policy.clauses]
# head-without-access = "II.2"

# Change a limit or a severity, or turn a control off:
# [controls.dormant-account]
# days = 120
# severity = "high"
#
# [controls.personal-data-past-retention]
# days = 730                                # this control is off until you set your own limit
#
# [controls.archive-off]
# enabled = false

# The same for one entity and everything below it:
# [entities.st-brigid-parish.controls.sole-administrator]
# minimum = 1

# Accept a finding for a while. It comes back when it gets worse, and the day after it expires:
# [[waivers]]
# control = "sole-administrator"
# account = "acc-17"
# reason = "Second administrator starts in December"
# approved_by = ["p-9"]                   # two people for a critical finding
# accepted_on = 2026-10-01                # the day when it was first accepted
# expires = 2026-12-31
"""
