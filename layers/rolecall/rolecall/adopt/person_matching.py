"""Whom each mention means: by the address, then by the name, where only one can be meant.

Three passes, each over everybody: those who are written out; cells that can be read in two ways;
and parts of names, which need all others. A first name alone is that of the only one in its row who
has it, else in its unit, else anywhere; it is said whom it was taken for. A name that is only near
another is asked about, and so is one that two have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from rolecall.adopt.individuals import Individual, Individuals
from rolecall.adopt.mailboxes import is_mailbox
from rolecall.adopt.mentions import PersonMention
from rolecall.adopt.name_keys import name_words, word_key
from rolecall.adopt.people_found import Party
from rolecall.adopt.person_lookup import PersonLookup
from rolecall.adopt.person_questions import PersonQuestions

__all__ = ["PersonMatcher"]

_Spot = tuple[str, PersonMention]
_WHOLE = 2
_WAS = frozenset({"was", "until", "till", "previously", "replaced", "bis", "hasta", "fino", "tot"})


class PersonMatcher(PersonLookup):
    """Finds whom mentions mean among those who are known, and takes in those who are new."""

    def __init__(self, everybody: Individuals, questions: PersonQuestions) -> None:
        """Begin with who is on rosters and in the registry."""
        super().__init__(everybody, questions)
        self.found: dict[_Spot, tuple[Individual, ...]] = {}

    def match(self, parties: Sequence[Party]) -> None:
        """Find whom all mentions mean."""
        spots = [(party, mention) for party in parties for mention in party.people]
        for party, mention in spots:
            if mention.kind == "agency":
                self._keep(party, mention, [self.agency(mention)])
        waiting = [spot for spot in spots if not self._is_settled(*spot)]
        for pass_ in (self._written_out, self._either, self._part):
            waiting = [spot for spot in waiting if not pass_(*spot)]

    def _is_settled(self, party: Party, mention: PersonMention) -> bool:
        if mention.kind in ("mailbox", "nobody"):
            if mention.kind == "nobody" and (meant := self.after_all(mention)):
                return self._keep(party, mention, meant)
            what = "a mailbox" if mention.kind == "mailbox" else "nobody"
            said = mention.email or mention.name
            self.assumptions.setdefault(f'{mention.place}: "{said}" is taken for {what}')
            self.found[party.entity, mention] = ()
        return (party.entity, mention) in self.found

    def _keep(self, party: Party, mention: PersonMention, meant: Iterable[Individual]) -> bool:
        """Take somebody for whom a mention means."""
        kept = []
        for one in meant:
            if _is_doubtful(mention) and not self.questions.doubt(mention, one, party.entity):
                continue
            if not any(mention is other for other in one.mentions[-1:]):
                one.mentions.append(mention)
            self._take(one, mention)
            self.units[word_key(party.entity)][id(one)] = one
            kept.append(one)
        self.found[party.entity, mention] = tuple(kept)
        return True

    def _take(self, one: Individual, mention: PersonMention) -> None:
        before = len(one.names) + len(one.emails)
        owners = self.everybody.by_email(mention.email)
        is_theirs = not owners or any(owner is one for owner in owners)
        if mention.email and is_theirs and not is_mailbox(mention.email):
            one.says_email(mention.email)
        if len(name_words(mention.name)) > 1 and (not one.names or one.is_called(mention.name)):
            one.names.setdefault(mention.name)
        if len(one.names) + len(one.emails) > before:
            self.everybody.add(one)

    def _written_out(self, party: Party, mention: PersonMention) -> bool:
        """Match whoever stands there with an address or a whole name."""
        if mention.parts:
            return False
        if mention.email and (meant := self.by_email(mention)) is not None:
            return self._keep(party, mention, meant)
        if not mention.name:
            return self._keep(party, mention, self.address_alone(party, mention))
        if _is_part_alone(mention.name):
            return False
        firms = self.everybody.agencies(mention.name)
        if firms:
            self.assume(mention, firms[0])
            return self._keep(party, mention, firms[:1])
        return self._keep(party, mention, self.by_name(party, mention))

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
            self.assume(mention, firms[0])
            return self._keep(party, mention, firms[:1])
        candidates = self.everybody.partly(mention.name)
        row = {
            id(one) for other in party.people for one in self.found.get((party.entity, other), ())
        }
        unit = self.units[word_key(party.entity)].keys() if party.entity else set()
        for scope in (row, unit, {id(one) for one in candidates}):
            here = [one for one in candidates if id(one) in scope]
            if len(here) == 1:
                self.assume(mention, here[0])
                return self._keep(party, mention, here)
            if here:
                text = f'"{mention.name}" may be several people. Who is meant?'
                return self._keep(party, mention, self.asked(mention, text, here, party.entity))
        text = f'"{mention.name}" is nobody who is known. Who is it?'
        near = self.everybody.near(mention.name)
        return self._keep(party, mention, self.asked(mention, text, near, party.entity))


def _is_part_alone(name: str) -> bool:
    """Tell whether a name is only a part of one: a single word, or one with initials."""
    words = name_words(name)
    return len([word for word in words if len(word) > 1]) < _WHOLE


def _without_parts(mention: PersonMention) -> PersonMention:
    """Return a mention with one reading only."""
    return replace(mention, parts=(), is_several=False)


def _is_doubtful(mention: PersonMention) -> bool:
    """Tell whether it is not sure that somebody is meant, or that they still are what they were."""
    keys = {"?" if one == "?" else word_key(one) for one in mention.remark.split("; ")}
    return "?" in keys or any(key.split(" ")[0] in _WAS for key in keys)
