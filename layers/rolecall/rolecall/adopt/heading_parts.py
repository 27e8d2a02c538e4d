"""Words of headings that change what the others say, in all languages, as stems.

``ACCOUNT_WORDS`` say of what somebody is something: *Administrator of the page*. ``COUNTED`` is
said of numbers: *FB followers* is no account. ``NAMING`` changes nothing: *Admin name* is
*Admin*. ``MAILBOX_WORDS`` make of people, and of units, their addresses.
"""

from __future__ import annotations

from rolecall.adopt.heading_keys import heading_stems

__all__ = ["ACCOUNT_WORDS", "COUNTED", "MAILBOX_WORDS", "NAMING"]


def _stems(text: str) -> frozenset[str]:
    return frozenset().union(*map(heading_stems, text.split()))


ACCOUNT_WORDS = _stems(
    """
    account page profile channel social media network company official business personal our public
    konto seite profil kanal compte chaine page reseau cuenta pagina perfil canal conta profilo
    strona konta strony profilu kanaal officiel oficial ufficiale offiziell
    """
)
COUNTED = _stems(
    """
    followers follower fans likes like subscribers subscriber views reach impressions engagement
    count following tweets phone telephone tel mobile fax
    abonnenten anzahl gefallt aufrufe reichweite telefon telefonnummer handy mobilnummer
    abonnes abonne vues portee telephone portable nb
    seguidores seguidor suscriptores visualizaciones alcance telefono movil celular cantidad
    seguaci iscritti visualizzazioni copertura cellulare
    inscritos curtidas visualizacoes telefone telemovel quantidade
    volgers volger abonnees weergaven bereik telefoon telefoonnummer mobiel aantal
    obserwujacy obserwujacych obserwatorzy subskrybenci polubienia polubien wyswietlenia zasieg
    liczba komorka ilosc number numero nummer numer
    """
)
NAMING = _stems("name names nom noms nome nomes nomi nombre naam imie nazwisko vorname full")
MAILBOX_WORDS = _stems(
    "email address addresses adresse adressen direccion indirizzo endereco adres adresy mailbox"
    " electronico elettronica eletronico correo posta poczta correio messagerie"
)
