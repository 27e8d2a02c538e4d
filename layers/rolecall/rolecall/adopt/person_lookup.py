"""Whom one mention means: by its address, its name, the name of its firm; or else somebody new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rolecall.adopt.individuals import Individual, Individuals
from rolecall.adopt.mailboxes import is_mailbox
from rolecall.adopt.mentions import PersonMention
from rolecall.adopt.name_keys import name_words, word_key
from rolecall.adopt.people_found import Party
from rolecall.adopt.person_questions import NOBODY_MEANT, PersonQuestions

__all__ = ["PersonLookup"]

_WHOLE = 2
"""Words that a whole name has at least."""


class PersonLookup:
    """Looks for whom a mention means among those who are known, and asks where that is not sure.

    :ivar units: who is known in a unit, by the key of its name.
    :ivar assumptions: for whom a mention was taken that does not say it in full.
    """

    def __init__(self, everybody: Individuals, questions: PersonQuestions) -> None:
        """Begin with who is on rosters and in the registry."""
        self.everybody = everybody
        self.questions = questions
        self.assumptions: dict[str, None] = {}
        self.units: defaultdict[str, dict[int, Individual]] = defaultdict(dict)
        for one in everybody:
            for unit in one.units:
                self.units[unit][id(one)] = one

    def after_all(self, mention: PersonMention) -> Sequence[Individual]:
        """Return whom words mean that are nobody's by their looks: Ann Church is on the roster."""
        known = [one for one in self.everybody.by_name(mention.name) if one.entry is not None]
        firms = self.everybody.agencies(mention.name) if not known else ()
        return known if len(known) == 1 else firms[:1]

    def agency(self, mention: PersonMention) -> Individual:
        """Return the firm that is meant, a new one where none is known."""
        known = [*self.everybody.by_email(mention.email), *self.everybody.agencies(mention.name)]
        one = next((one for one in known if one.kind == "agency"), None)
        return one or self.everybody.add(Individual(mention.name or mention.email, kind="agency"))

    def _new(self, mention: PersonMention) -> Individual:
        one = Individual(mention.name)
        one.says_email(mention.email)
        return self.everybody.add(one)

    def by_email(self, mention: PersonMention) -> Sequence[Individual] | None:
        """Return whose address it is; ``None`` where that decides nothing."""
        known = self.everybody.by_email(mention.email)
        named = [one for one in known if not mention.name or one.may_be_called(mention.name)]
        if len(named) == 1:
            return named
        is_short = len(name_words(mention.name)) < _WHOLE and not self.everybody.partly(
            mention.name
        )
        if len(known) == 1 and is_short:
            # "Mo", who is nobody else, with the address of Maureen.
            return known
        if len(known) == 1 and mention.name:
            one = known[0]
            text = f'"{mention.name}" stands with the address of {one.label}. Who is meant?'
            named = self.everybody.by_name(mention.name)
            likely = named[0] if len(named) == 1 else None
            return self.asked(mention, text, [*named, one], likely=likely)
        return None

    def by_name(self, party: Party, mention: PersonMention) -> Sequence[Individual]:
        """Return who has the name, in the unit where several have it; or who is asked about."""
        known = self.everybody.by_name(mention.name)
        if len(known) > 1:
            unit = self.units[word_key(party.entity)]
            here = [one for one in known if id(one) in unit]
            if len(here) == 1:
                self.assume(mention, here[0])
                return here
            text = f'Several people are called "{mention.name}". Which of them is meant?'
            return self.asked(mention, text, known, party.entity)
        if known:
            return known
        near = self.everybody.near(mention.name)
        if near:
            text = f'"{mention.name}" is nobody who is known, and near to others. Who is meant?'
            return self.asked(mention, text, near)
        return [self._new(mention)]

    def asked(
        self,
        mention: PersonMention,
        text: str,
        near: Sequence[Individual],
        entity: str = "",
        likely: Individual | None = None,
    ) -> Sequence[Individual]:
        """Ask who is meant, and return the person, a new one, or nobody."""
        several = list({id(one): one for one in near}.values())
        given = self.questions.whom(mention, text, several, entity, likely)
        if isinstance(given, Individual):
            given.names.setdefault(mention.name)
            self.everybody.add(given)
            return [given]
        return [] if given == NOBODY_MEANT else [self._apart(mention, several)]

    def _apart(self, mention: PersonMention, others: Sequence[Individual]) -> Individual:
        """Return the person of a name's own: the same one wherever it stands so."""
        for one in self.everybody.by_name(mention.name):
            if one.entry is None and one.person is None and not any(one is two for two in others):
                return one
        return self._new(mention)

    def address_alone(self, party: Party, mention: PersonMention) -> Sequence[Individual]:
        """Return whose an address is that nobody has, and beside which no name stands."""
        if is_mailbox(mention.email, party.entity):
            self.assumptions.setdefault(
                f'{mention.place}: "{mention.email}" is taken for a mailbox'
            )
            return []
        local = (
            mention.email.partition("@")[0].replace(".", " ").replace("_", " ").replace("-", " ")
        )
        words = [word for word in name_words(local) if not word.isdigit()]
        known = self.everybody.by_name(local) if len(words) >= _WHOLE else []
        if known:
            text = f'"{mention.email}" is no address that is known. Whose is it?'
            return self.asked(mention, text, known)
        return [self._new(mention)]

    def assume(self, mention: PersonMention, one: Individual) -> None:
        """Say for whom somebody was taken."""
        self.assumptions.setdefault(f'{mention.place}: "{mention.name}" is taken for {one.name}')
