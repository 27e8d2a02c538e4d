"""Addresses that several people read, or nobody: they are no person, and never match one.

An office is known by the word before the ``@`` in eight languages, by the name of its entity there,
and by a machine's words. That a person's account on a roster has such an address is possible; that
an address alone is a person then is not.
"""

from __future__ import annotations

import re

from rolecall.adopt.name_keys import name_words, word_key
from rolecall.adopt.people_words import GROUPS
from rolecall.adopt.word_sets import word_set

__all__ = ["is_mailbox", "is_mailbox_name"]

_DESKS = word_set(
    """
        info information informations infos office offices contact contacts contactus admin admins
        administrator administration enquiries enquiry inquiries inquiry hello hi hey mail email
        mailbox post postbox inbox webmaster postmaster hostmaster web website webteam support
        help helpdesk service services team teams staff noreply donotreply notification
        notifications security abuse privacy gdpr dpo dataprotection legal billing accounts
        accounting invoices finance hr jobs careers recruitment press news newsletter media social
        socialmedia socials marketing comms communication communications pr events booking
        bookings reception frontdesk secretary secretariat parish parishoffice parishes rectory
        church diocese chancery school schools schooloffice youth choir volunteers volunteer
        general main sales shop store it ict itsupport tech sysadmin root facebook instagram
        youtube twitter tiktok livestream stream video photos editor editors newsdesk registrar
        admissions principal headteacher safeguarding library museum tourism council clerk mayor
        townhall cityhall police fire parks webadmin feedback questions community everyone all
        group groups list bulletin webmestre buero buro pfarrbuero pfarrburo pfarramt pfarrei
        sekretariat gemeinde gemeindebuero kirche kirchengemeinde schule schulbuero verwaltung
        kontakt kontakte anfrage anfragen hallo poststelle presse oeffentlichkeitsarbeit
        offentlichkeitsarbeit redaktion medien jugend bistum ordinariat datenschutz edv
        buchhaltung personal empfang zentrale bureau bureaux secretariats accueil bonjour courrier
        paroisse ecole eglise mairie evequat eveche redaction communiquer jeunes jeunesse
        benevoles direction equipe comptabilite informatique compta oficina despacho secretaria
        contacto contactos hola correo parroquia parroquial iglesia colegio escuela ayuntamiento
        obispado redaccion prensa comunicacion comunicaciones medios jovenes juventud voluntarios
        direccion equipo informatica consultas administracion atencion ufficio segreteria contatti
        contatto ciao posta parrocchia chiesa scuola comune diocesi curia redazione stampa
        ufficiostampa comunicazione comunicazioni giovani volontari direzione amministrazione
        assistenza protocollo escritorio gabinete contato contatos contactar ola paroquia igreja
        escola redacao imprensa comunicacao midia jovens direcao geral atendimento administracao
        secretariado kantoor secretariaat bestuur hoi parochie kerk bisdom redactie pers
        communicatie jongeren vrijwilligers directie administratie receptie biuro kancelaria
        parafia kosciol szkola kuria diecezja redakcja prasa komunikacja mlodziez wolontariat
        dyrekcja administracja recepcja poczta zapytania sekretariaty
    """
)
_PARTS = re.compile(r"[._+\-]+|(?<=\D)(?=\d)|(?<=\d)(?=\D)")
_GENERAL = word_set(
    """
        the of and our a de la le les el los las du des di da do dos der die das van het st saint
        san santa sankt sv sw ste main head general central
    """
)
_SHORT = 3


def is_mailbox(address: str, entity: str = "") -> bool:
    """Tell whether an address is one that several people read, or nobody.

    :param entity: the name of the unit beside whose account it stands, which may be the address's.
    """
    local = address.rpartition("@")[0].casefold()
    parts = [part for part in _PARTS.split(_local_key(local)) if part and not part.isdigit()]
    if not parts:
        return True
    if "".join(parts) in _DESKS or any(part in _DESKS for part in parts):
        return True
    words = [word for word in name_words(entity) if word not in _GENERAL]
    squeezed = "".join(parts)
    # "holycross" of the Holy Cross High, "stlucy" of St Lucy Primary.
    beginnings = {"".join(words[:count]) for count in range(2, len(words) + 1)}
    beginnings |= {"".join(name_words(entity)[:count]) for count in range(2, len(words) + 2)}
    return bool(words) and (
        all(part in words or part in _GENERAL for part in parts)
        or (len(squeezed) > _SHORT and squeezed in beginnings)
    )


def _local_key(local: str) -> str:
    """Return the part of an address before the ``@`` folded, with its separators as they are."""
    return "".join(word_key(char) or char for char in local)


def is_mailbox_name(name: str) -> bool:
    """Tell whether what an account is called is an office and nobody's name: "School office"."""
    words = word_key(name).split()
    return bool(words) and all(
        word in GROUPS or word in _DESKS or word in _GENERAL or word.isdigit() for word in words
    )
