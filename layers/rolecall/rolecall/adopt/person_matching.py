"""Whom each mention means: by the address, then by the name, where only one can be meant.

Three passes, each over everybody: those who are written out; cells that can be read in two ways;
and parts of names, which need all others. A first name alone is that of the only one in its row who
has it, else in its unit, else anywhere; it is said whom it was taken for. A name that is only near
another is asked about, and so is one that two have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from rolecall.adopt.individuals import Individual, Individuals
from rolecall.adopt.mailboxes import is_mailbox
from rolecall.adopt.mentions import PersonMention
from rolecall.adopt.name_keys import name_words, word_key
from rolecall.adopt.people_found import Party
from rolecall.adopt.person_questions import NOBODY_MEANT, PersonQuestions

__all__ = ["PersonMatcher"]

_Spot = tuple[str, PersonMention]
_LOCAL_WORDS = 2


class PersonMatcher:
    """Finds whom mentions mean among those who are known, and takes in those who are new."""

    def __init__(self, everybody: Individuals, questions: PersonQuestions) -> None:
        """Begin with who is on rosters and in the registry."""
        self.everybody = everybody
        self.questions = questions
        self.found: dict[_Spot, tuple[Individual, ...]] = {}
        self.assumptions: dict[str, None] = {}
        self._units: defaultdict[str, dict[int, Individual]] = defaultdict(dict)
        for one in everybody:
            for unit in one.units:
                self._units[unit][id(one)] = one

    def match(self, parties: Sequence[Party]) -> None:
        """Find whom all mentions mean."""
        spots = [(party, mention) for party in parties for mention in party.people]
        for party, mention in spots:
            if mention.kind == "agency":
                self._keep(party, mention, [self._agency(mention)])
        waiting = [spot for spot in spots if not self._is_settled(*spot)]
        for pass_ in (self._written_out, self._either, self._part):
            waiting = [spot for spot in waiting if not pass_(*spot)]

    def _is_settled(self, party: Party, mention: PersonMention) -> bool:
        if mention.kind in ("mailbox", "nobody"):
            what = "a mailbox" if mention.kind == "mailbox" else "nobody"
            said = mention.email or mention.name
            self.assumptions.setdefault(f'{mention.place}: "{said}" is taken for {what}')
            self.found[party.entity, mention] = ()
        return (party.entity, mention) in self.found

    def _keep(self, party: Party, mention: PersonMention, meant: Iterable[Individual]) -> bool:
        """Take somebody for whom a mention means."""
        kept = []
        for one in meant:
            if "?" in mention.remark.split("; ") and not self.questions.doubt(
                mention, one, party.entity
            ):
                continue
            if not any(mention is other for other in one.mentions[-1:]):
                one.mentions.append(mention)
            self._take(one, mention)
            self._units[word_key(party.entity)][id(one)] = one
            kept.append(one)
        self.found[party.entity, mention] = tuple(kept)
        return True

    def _take(self, one: Individual, mention: PersonMention) -> None:
        before = len(one.names) + len(one.emails)
        if mention.email and not is_mailbox(mention.email):
            one.says_email(mention.email)
        if len(name_words(mention.name)) > 1 and (not one.names or one.is_called(mention.name)):
            one.names.setdefault(mention.name)
        if len(one.names) + len(one.emails) > before:
            self.everybody.add(one)

    def _agency(self, mention: PersonMention) -> Individual:
        known = [*self.everybody.by_email(mention.email), *self.everybody.agencies(mention.name)]
        one = next((one for one in known if one.kind == "agency"), None)
        return one or self.everybody.add(Individual(mention.name or mention.email, kind="agency"))

    def _new(self, mention: PersonMention) -> Individual:
        one = Individual(mention.name)
        one.says_email(mention.email)
        return self.everybody.add(one)

    def _written_out(self, party: Party, mention: PersonMention) -> bool:
        """Match whoever stands there with an address or a whole name."""
        if mention.parts:
            return False
        if mention.email and (meant := self._by_email(mention)) is not None:
            return self._keep(party, mention, meant)
        if not mention.name:
            return self._keep(party, mention, self._address_alone(party, mention))
        if _is_part_alone(mention.name):
            return False
        firms = self.everybody.agencies(mention.name)
        if firms:
            self._assume(mention, firms[0])
            return self._keep(party, mention, firms[:1])
        return self._keep(party, mention, self._by_name(party, mention))

    def _by_email(self, mention: PersonMention) -> Sequence[Individual] | None:
        """Return whose address it is; ``None`` where that decides nothing."""
        known = self.everybody.by_email(mention.email)
        named = [one for one in known if not mention.name or one.may_be_called(mention.name)]
        if len(named) == 1:
            return named
        if len(known) == 1 and mention.name:
            one = known[0]
            text = f'"{mention.name}" stands with the address of {one.label}. Who is meant?'
            return self._asked(mention, text, [*self.everybody.by_name(mention.name), one])
        return None

    def _by_name(self, party: Party, mention: PersonMention) -> Sequence[Individual]:
        known = self.everybody.by_name(mention.name)
        if len(known) > 1:
            unit = self._units[word_key(party.entity)]
            here = [one for one in known if id(one) in unit]
            if len(here) == 1:
                self._assume(mention, here[0])
                return here
            text = f'Several people are called "{mention.name}". Which of them is meant?'
            return self._asked(mention, text, known, party.entity)
        if known:
            return known
        near = self.everybody.near(mention.name)
        if near:
            text = f'"{mention.name}" is nobody who is known, and near to others. Who is meant?'
            return self._asked(mention, text, near)
        return [self._new(mention)]

    def _asked(
        self,
        mention: PersonMention,
        text: str,
        near: Sequence[Individual],
        entity: str = "",
    ) -> Sequence[Individual]:
        several = list({id(one): one for one in near}.values())
        given = self.questions.whom(mention, text, several, entity)
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

    def _address_alone(self, party: Party, mention: PersonMention) -> Sequence[Individual]:
        if is_mailbox(mention.email, party.entity):
            self.assumptions.setdefault(
                f'{mention.place}: "{mention.email}" is taken for a mailbox'
            )
            return []
        local = (
            mention.email.partition("@")[0].replace(".", " ").replace("_", " ").replace("-", " ")
        )
        words = [word for word in name_words(local) if not word.isdigit()]
        known = self.everybody.by_name(local) if len(words) >= _LOCAL_WORDS else []
        if known:
            text = f'"{mention.email}" is no address that is known. Whose is it?'
            return self._asked(mention, text, known)
        return [self._new(mention)]

    def _either(self, party: Party, mention: PersonMention) -> bool:
        """Decide between one person and several by who is known, and else by the shape."""
        if not mention.parts:
            return False
        whole = bool(self.everybody.by_name(mention.name))
        firms = [part for part in mention.parts if self.everybody.agencies(part.name)]
        each = all(self._is_known(part) for part in mention.parts)
        is_several = not whole and (bool(firms) or each or mention.is_several)
        if whole and each and mention.is_several:
            is_several = True
        if not is_several:
            plain = _without_parts(mention)
            self._written_out(party, plain) or self._part(party, plain)
            self.found[party.entity, mention] = self.found.get((party.entity, plain), ())
            return True
        meant: dict[int, Individual] = {}
        for part in mention.parts:
            if not self._is_settled(party, part):
                self._written_out(party, part) or self._part(party, part)
            meant.update((id(one), one) for one in self.found[party.entity, part])
        self.found[party.entity, mention] = tuple(meant.values())
        return True

    def _is_known(self, part: PersonMention) -> bool:
        if part.kind != "person":
            return True
        return bool(self.everybody.by_name(part.name) or self.everybody.partly(part.name))

    def _part(self, party: Party, mention: PersonMention) -> bool:
        """Match a first name, a surname or initials, where only one can be meant."""
        firms = self.everybody.agencies(mention.name)
        if firms:
            self._assume(mention, firms[0])
            return self._keep(party, mention, firms[:1])
        candidates = self.everybody.partly(mention.name)
        row = {
            id(one) for other in party.people for one in self.found.get((party.entity, other), ())
        }
        unit = self._units[word_key(party.entity)].keys() if party.entity else set()
        for scope in (row, unit, {id(one) for one in candidates}):
            here = [one for one in candidates if id(one) in scope]
            if len(here) == 1:
                self._assume(mention, here[0])
                return self._keep(party, mention, here)
            if here:
                text = f'"{mention.name}" may be several people. Who is meant?'
                return self._keep(party, mention, self._asked(mention, text, here, party.entity))
        text = f'"{mention.name}" is nobody who is known. Who is it?'
        near = self.everybody.near(mention.name)
        return self._keep(party, mention, self._asked(mention, text, near, party.entity))

    def _assume(self, mention: PersonMention, one: Individual) -> None:
        self.assumptions.setdefault(f'{mention.place}: "{mention.name}" is taken for {one.name}')


def _is_part_alone(name: str) -> bool:
    """Tell whether a name is only a part of one: a single word, or one with initials."""
    words = name_words(name)
    return len([word for word in words if len(word) > 1]) < _LOCAL_WORDS


def _without_parts(mention: PersonMention) -> PersonMention:
    """Return a mention with one reading only."""
    return replace(mention, parts=(), is_several=False)
