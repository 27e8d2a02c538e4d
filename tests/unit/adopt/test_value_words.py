"""Words in cells for what a registry says in its own, in eight languages."""

from __future__ import annotations

import pytest

from rolecall.adopt.value_words import (
    FACTORS,
    REMOVALS,
    STATUSES,
    STORAGES,
    value_key,
    word_for,
    word_within,
)

SAID = {
    "status": {
        "active": "Active; in use; LIVE; aktiv; in Betrieb; actif; en service; activa; en uso; "
        "attivo; ativo; actief; in gebruik; aktywne; Yes; ja; oui; sí; sim; tak; active (weekly)",
        "dormant": "inactive; Not used since 2023; no longer used; abandoned; inaktiv; "
        "nicht aktiv; nicht mehr genutzt; inactif; plus utilisé; inactiva; sin uso; "
        "non più usato; inattivo; inativo; niet gebruikt; inactief; nieużywane; "
        "nieaktywne; no; nein; archived",
        "closed": "Closed; deleted; gelöscht; geschlossen; fermé; supprimée; cerrada; eliminado; "
        "chiuso; eliminato; fechada; excluída; gesloten; verwijderd; zamknięte; usunięte; "
        "deleted in 2024",
        "": "?; ask Maureen; 2023; Facebook",
    },
    "mfa": {
        "none": "none; off; keine; aucune; ninguno; nessuna; nenhum; geen; brak; disabled",
        "sms": "SMS; Text message; texto; sms to Peter; phone call",
        "app": "Google Authenticator; Authy; authenticator app; App; TOTP; aplicación",
        "key": "YubiKey; security key; Sicherheitsschlüssel; clé de sécurité; llave de seguridad; "
        "chiave di sicurezza; klucz bezpieczeństwa; passkey",
        "": "?; Peter; on his phone",
    },
    "storage": {
        "password_manager": "Bitwarden; in 1Password; KeePass file; Passwortmanager; "
        "gestionnaire de mots de passe; gestor de contraseñas; menedżer haseł; Wachtwoordmanager",
        "spreadsheet": "Excel; Google Sheet; hoja de cálculo; arkusz; Tabelle",
        "paper": "notebook; on paper; Zettel; carnet; cuaderno; quaderno; caderno; zeszyt; post-it",
        "safe": "safe; Tresor; coffre-fort; caja fuerte; cassaforte; cofre; kluis; sejf",
        "browser": "Chrome; saved in browser; Firefox; przeglądarka",
        "email": "email; Outlook; in Gmail",
        "chat": "WhatsApp group; Teams; Slack",
        "plaintext": "text file; Word document; shared drive; OneNote",
        "encrypted_file": "VeraCrypt; encrypted file; zaszyfrowany plik",
        "": "?; Maureen; somewhere",
    },
    "removal_path": {
        "it": "IT; helpdesk; EDV; informatique",
        "head": "the pastor; Principal; Leitung; proboszcz",
        "none": "nobody; niemand; personne; nikt",
        "": "?; unclear to us",
    },
}


@pytest.mark.parametrize(
    ("table", "word"), [(table, word) for table, words in SAID.items() for word in words]
)
def test_words_as_people_write_them(table: str, word: str) -> None:
    for text in SAID[table][word].split("; "):
        assert word_within(text, table) == word, text


def test_no_word_says_two_things() -> None:
    for table in (STATUSES, FACTORS, STORAGES, REMOVALS):
        said = [phrase for phrases in table.values() for phrase in phrases.split("|")]
        assert len(set(said)) == len(said), {one for one in said if said.count(one) > 1}
        assert [value_key(phrase) for phrase in said] == said


def test_a_comment_is_a_status_where_it_says_nothing_else() -> None:
    assert word_for("(closed)", "status") == "closed"
    assert word_for("old", "status") == "dormant"
    assert word_for("old parish", "status") == ""
