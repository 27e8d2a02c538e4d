"""Words that cells have for what a registry says in words of its own, in eight languages.

All are folded as :func:`rolecall.adopt.value_words.value_key` does it: without case, accents and
punctuation. A phrase counts where it stands in the cell, the first of the table that does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

__all__ = ["FACTORS", "REMOVALS", "STATUSES", "STORAGES", "value_key", "word_for", "word_within"]

STATUSES: Mapping[str, str] = {
    "closed": "closed|deleted|deactivated|removed|shut down|terminated|defunct|disabled"
    "|geschlossen|geloscht|deaktiviert|stillgelegt|abgeschaltet|ferme|fermee|supprime|supprimee"
    "|desactive|desactivee|cerrado|cerrada|eliminado|eliminada|borrada|desactivada|desactivado"
    "|chiuso|chiusa|eliminato|cancellato|disattivato|disattivata|fechado|fechada|encerrada"
    "|encerrado|excluida|desativada|desativado|apagada|gesloten|verwijderd|opgeheven|gedeactiveerd"
    "|zamkniete|zamkniety|usuniete|usuniety|skasowane|nieczynne na stale|wylaczone",
    "dormant": "inactive|not active|dormant|unused|not used|no longer used|not in use|abandoned"
    "|idle|stale|no longer in use|paused|on hold|old|archived|inaktiv|nicht aktiv|ruht|ruhend"
    "|ungenutzt|nicht genutzt|nicht mehr genutzt|verwaist|alt|inactif|en sommeil"
    "|plus utilise|plus utilisee|non utilise|abandonne|ancien|inactivo|inactiva|sin uso|en desuso"
    "|no se usa|abandonada|abandonado|antigua|antiguo|inattivo|inattiva|non usato|non attivo"
    "|non piu usato|vecchio|dismesso|inativo|inativa|sem uso|nao usado|parado|parada|antiga"
    "|inactief|niet actief|slapend|niet gebruikt|niet meer gebruikt|ongebruikt|oud|nieaktywne"
    "|nieaktywny|nieuzywane|nieuzywany|martwe|uspione|stare|no|nein|non|nao|nee|nie|n|false",
    "active": "active|live|current|in use|used|open|ok|running|published|enabled|aktiv|in betrieb"
    "|genutzt|in benutzung|lauft|actif|en service|utilise|utilisee|en cours|activo|activa|en uso"
    "|vigente|attivo|attiva|in uso|in funzione|ativo|ativa|em uso|actief|in gebruik|gebruikt"
    "|aktywne|aktywny|w uzyciu|uzywane|czynne|yes|y|ja|j|oui|si|sim|tak|true",
}
"""Words for the status of an account."""

FACTORS: Mapping[str, str] = {
    "key": "security key|hardware key|yubikey|yubi key|fido|fido2|passkey|usb key|titan key"
    "|sicherheitsschlussel|hardware schlussel|cle de securite|llave de seguridad|llave fisica"
    "|chiave di sicurezza|chiave hardware|chave de seguranca|beveiligingssleutel"
    "|klucz bezpieczenstwa|klucz sprzetowy|hardware token|webauthn",
    "app": "authenticator|authentificator|google auth|authy|totp|duo|app|code generator|aegis"
    "|microsoft auth|authentifizierungs app|application|aplicacion|aplicativo|aplikacja"
    "|applicazione"
    "|otp app|1password|push|google prompt",
    "sms": "sms|text message|text|texto|by text|textnachricht|messaggio|mensagem de texto|mensaje"
    "|wiadomosc|phone call|anruf|voice call|txt",
    "none": "none|no|off|not enabled|disabled|not set up|false|n|nein|nicht aktiv|keine|aus|kein"
    "|deaktiviert|non|aucun|aucune|desactive|desactivee|no activado|desactivado|desactivada|ninguno"
    "|nessuno|nessuna|disattivata|disattivato|non attiva|nao|nenhum|desativado|desativada|nee|geen"
    "|uit|niet ingeschakeld|nie|brak|wylaczone|wylaczona|niewlaczone",
}
"""Words for the second factor of a login."""

STORAGES: Mapping[str, str] = {
    "password_manager": "password manager|bitwarden|lastpass|1password|one password|keepass"
    "|keepassxc|dashlane|keeper|nordpass|passbolt|vaultwarden|roboform|enpass|proton pass"
    "|passwortmanager|passwort manager|passwortverwaltung|passworttresor"
    "|gestionnaire de mots de passe|gestor de contrasenas|administrador de contrasenas"
    "|gestore di password|gestore password|gestor de senhas|gerenciador de senhas"
    "|gestor de palavras passe|wachtwoordmanager|wachtwoordbeheerder|wachtwoordkluis"
    "|menedzer hasel|icloud keychain|keychain",
    "spreadsheet": "spreadsheet|excel|google sheet|google sheets|xlsx|this sheet|tabelle|tabelle im"
    "|tableur|hoja de calculo|foglio di calcolo|foglio excel|planilha|folha de calculo|rekenblad"
    "|arkusz",
    "browser": "browser|chrome|firefox|safari|edge|saved in browser|navegador|navigateur"
    "|przegladarka|przegladarce",
    "email": "email|e mail|outlook|gmail|inbox|courriel|correo|posta elettronica|poczta|mailbox",
    "chat": "chat|whatsapp|teams|slack|signal|messenger|telegram|viber|imessage",
    "safe": "safe|tresor|coffre|coffre fort|caja fuerte|cassaforte|cofre|kluis|sejf|locked cabinet"
    "|strongbox|panzerschrank",
    "paper": "paper|notebook|post it|sticky note|folder|binder|drawer|on paper|written down|written"
    "|printed|logbook|zettel|papier|ordner|schublade|notizbuch|carnet|tiroir|classeur|papel"
    "|cuaderno|libreta|cajon|carta|quaderno|cassetto|caderno|gaveta|schrift|lade|map|zeszyt"
    "|szuflada|kartka|papierze|zeszycie",
    "encrypted_file": "encrypted file|encrypted document|veracrypt|verschlusselte datei"
    "|fichier chiffre|archivo cifrado|file cifrato|ficheiro cifrado|arquivo criptografado"
    "|versleuteld bestand|zaszyfrowany plik|password protected file",
    "plaintext": "text file|txt file|notepad|plain text|word document|word file|google doc|note app"
    "|textdatei|word dokument|fichier texte|archivo de texto|file di testo|ficheiro de texto"
    "|tekstbestand|plik tekstowy|notes app|shared drive|onenote|evernote",
}
"""Words for where a password is kept."""

REMOVALS: Mapping[str, str] = {
    "it": "it|it department|information technology|edv|informatique|informatica|sistemas|ict"
    "|dzial it|helpdesk|system administrator",
    "head": "head|principal|pastor|director|leitung|pfarrer|directeur|cure|directora|parroco"
    "|diretor|direttore|pastoor|proboszcz|dyrektor|manager",
    "none": "nobody|no one|none|niemand|personne|nadie|nessuno|ninguem|nikt|not possible",
}
"""Words for who can remove an administrator."""

_TABLES = {"status": STATUSES, "mfa": FACTORS, "storage": STORAGES, "removal_path": REMOVALS}
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss"})


@lru_cache(maxsize=1 << 12)
def value_key(text: str) -> str:
    """Return a text without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", bare))


def word_for(text: str, table: str) -> str:
    """Return the word of a registry that a text says, and nothing else; empty where it is more."""
    key = value_key(text)
    return next((word for word, said in _TABLES[table].items() if key in said.split("|")), "")


def word_within(text: str, table: str) -> str:
    """Return the word of a registry that a cell says in words of its own; empty where none.

    :param table: the name of one of the tables of this module.
    """
    return _within(value_key(text), table)


@lru_cache(maxsize=1 << 12)
def _within(key: str, table: str) -> str:
    told = f" {key} "
    for word, phrases in _TABLES[table].items():
        for phrase in phrases.split("|"):
            # Of one letter or an answer only the whole says something: "no contract", "n drive".
            least = 3 if table == "mfa" else 4
            if key == phrase or (len(phrase) >= least and f" {phrase} " in told):
                return word
    first = key.split(" ")[0] if key else ""
    return next((w for w, p in _TABLES[table].items() if first in p.split("|")), "")
