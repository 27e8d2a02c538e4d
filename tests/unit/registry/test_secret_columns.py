"""Columns that hold secrets, in eight languages and by what is in them; and columns that do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from rolecall.errors import RegistryError
from rolecall.registry.reading import RegistryInput, read_registry
from rolecall.registry.secret_columns import secret_name
from tests.unit.registry.forms import TODAY, Content, small_csv, write

SECRET = """
Password; Passwords; PASSWORD; pass word; PassWord; Pass-Phrase; pwd; PW; Pass; Login/Pass
Login / Pass; User+Pass; userPassword; Password (old); Password_hash; Password [Required]
Temp Password; Passwd; Passcode; PIN; PIN-Code; PINs; card pin; Secret; Client Secret; API Key
api_token; Access token; Recovery codes; Backup Codes; recovery_code_1; Back-up code
2FA codes; 2FA secret; TOTP; TOTP seed; Security question; Secret answer; CVV; Private key
Seed phrase; FB-Password; Password hint; Kennwort; Passwort; Paßwort; PASSWÖRTER
Facebook-Kennwort; Benutzerkennwort; Admin-Passwort; Zugangscode; Zugangsdaten
Wiederherstellungscodes; Sicherheitscode; Geheimzahl; Geheimfrage; Kenn-Wort; Mot de passe
MOT_DE_PASSE; Mots de passe; mdp; Code secret; Codes de secours; Code d\u2019accès; Code PIN
Codes de récupération; Question secrète; Identifiant / mot de passe; Clé secrète; Code d'accès
Contraseña; contrasena; CONTRASEÑAS; Clave; Clave de acceso; Códigos de recuperación
Palabra secreta; Código de respaldo; Usuario y clave; Pregunta secreta; Parola d'ordine
Codice segreto; Codici di recupero; Codici di backup; Chiave segreta; Codice PIN
Risposta segreta; Password di Facebook; Credenziali; Senha; Senhas; Palavra-passe
Palavra passe; Códigos de recuperação; Código de segurança; Senha do Wi-Fi; Chave secreta
Resposta secreta; Wachtwoord; Wachtwoorden; Facebookwachtwoord; Toegangscode; Herstelcodes
Pincode; Inloggegevens; Back-upcodes; Geheime vraag; Beveiligingscode; Geheim antwoord; Hasło
HASŁO; Hasła dostępu; Kody zapasowe; Kod odzyskiwania; Kod PIN; Klucz prywatny
hasło do Facebooka; Lösenord; Adgangskode; Passord; Heslo
Psswd; Passw.; P/W; P.W.; 2FA backup; 2FA recovery; Backup 2FA; OTP; Authenticator seed
Mother's maiden name; Security Q&A; Login details; Credentials; Creds; Logon; Sign-in code
Wi-Fi key; Passkey; Seed; Mnemonic; Codewort; Geheimwort; Zwei-Faktor-Schlüssel; 2FA-Schlüssel
TAN; TAN-Liste; Code confidentiel; Codes de vérification; Identifiants de connexion; Clave FB
Claves de acceso; Credenciales; Parola d'accesso; Chiave d'accesso; Credenciais
Klucz zapasowy; Poświadczenia; Dane do logowania
Пароль; パスワード; 密码; 비밀번호; Κωδικός
"""
ABOUT = """
Change Password at Next Sign-In; Password Changed; Password changed on; password_last_changed
Who has the password?; Who knows the password; Password known to; Password manager
Has password?; Password expires; Password expiry date; Password policy; Password strength
Password holder; Password stored where; Where is the password stored; Password location
Password updated; PIN changed; Password Hash Function [UPLOAD ONLY]; Password rotation
Password reset; Recovery codes stored; Last password change; Token holder; Secret?
Password age (days); Password shared with; Kennwort geändert am; Wer kennt das Passwort
Password vault; Number of passwords; Recovery codes printed on; Password recovery e-mail
Passwort läuft ab; Passwort-Ablauf; Passwortmanager; Passwortwechsel; Passwortänderung
Letzte Änderung des Kennworts
Kennwort-Richtlinie; Wer hat das Kennwort; Mot de passe modifié le
Qui connaît le mot de passe; Date du mot de passe; Gestionnaire de mots de passe
Dernière modification du mot de passe; Expiration du mot de passe; Contraseña cambiada
Quién tiene la contraseña; Fecha de cambio de contraseña; Gestor de contraseñas
La contraseña caduca; ¿Quién sabe la clave de acceso?; Password cambiata il
Chi conosce la password; Scadenza password; Data cambio password; Senha alterada em
Quem sabe a senha; Data da senha; Gerenciador de senhas; Validade da senha
Wachtwoord gewijzigd; Wie kent het wachtwoord; Wachtwoord verloopt; Wachtwoordbeheerder
Datum wachtwoord; Zmiana hasła; Kto zna hasło; Data zmiany hasła; Menedżer haseł; Hasło wygasa
"""
OTHER = """
secretary; Secretariat; pinterest; passport; Passport No; shipping; bus_pass; Passing; Compass
Author; Code; Parish code; Postal code; Key contact; Keyword; Schlüssel; Palabra clave
Parola chiave; Palavra-chave; Department; 2sv Enrolled [READ ONLY]; Employee ID; Opinion; Spin
Tokenham; Clavecin; Desenhado; Notes; Pastor; Passau; Passeport; Passion play; Pinned post
Ordination credentials; Credential type; Seedbed; Tanya; Logo; Losungen; Clave de entidad
Recovery contact; Backup administrator; Verification date
Pinewood; Passaro; Haslemere; Loginname; Username
"""


def names(table: str) -> list[str]:
    return [name.strip() for line in table.split("\n") for name in line.split(";") if name.strip()]


@pytest.mark.parametrize("name", names(SECRET))
def test_names_of_secrets(name: str) -> None:
    assert secret_name(name) == "secret"


@pytest.mark.parametrize("name", names(ABOUT))
def test_names_of_what_is_known_of_a_secret(name: str) -> None:
    assert secret_name(name) != "secret"


@pytest.mark.parametrize("name", names(OTHER))
def test_names_that_only_sound_like_secrets(name: str) -> None:
    assert secret_name(name) == "other"


def read(directory: Path, files: dict[str, Content]) -> RegistryInput:
    return read_registry(write(directory, files), TODAY)


def people(column: str, *cells: str) -> dict[str, Content]:
    rows = "".join(f'p-{at},Ann,active,"{cell}"\n' for at, cell in enumerate(cells, 1))
    return small_csv(people=f"id,name,status,{column}\n{rows}")


CANARY = "canary-Kettle-7"


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("Kennwort", [CANARY]),
        ("Kennwort", []),
        ("Kennwort", [""]),
        ("Kennwort", ["****", CANARY]),
        # In a later chunk of the rows.
        ("Kennwort", ["****"] * 5_000 + [CANARY]),
        ("Password Changed", ["canary!Kettle7"]),
        ("Remarks", ["canary!Kettle7", "caNary?8kettle", "see the safe"]),
        ("Remarks", ["fine", "pw: canary"]),
        ("Remarks", ["Passwort = canary"]),
        ("Remarks", ["otpauth://totp/x?secret=canary"]),
        ("Remarks", ["-----BEGIN PRIVATE KEY----- canary"]),
        ("Remarks", ["JBSWY3DPEHPK3PXP"]),
        ("Remarks", ["JBSW Y3DP EHPK 3PXP"]),
        ("Remarks", ["ghp_canarycanary"]),
    ],
)
def test_a_secret_is_refused_and_not_shown(tmp_path: Path, column: str, cells: list[str]) -> None:
    with pytest.raises(RegistryError) as caught:
        read(tmp_path, people(column, *cells))
    (problem, *_) = caught.value.problems
    assert "a registry must never hold secrets" in problem.message
    assert "canary" not in "".join(map(str, caught.value.problems))


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("Password [Required]", ["****", ""]),
        ("Kennwort", ["•••••", "ja", "-"]),
        ("Password", ["yes", "no"]),
        ("PIN", ["n/a"]),
        ("Password Changed", ["2026-01-02", "2 weeks ago"]),
        ("Who has the password?", ["p-001", "Ann Head"]),
        ("Change Password at Next Sign-In", ["TRUE", "FALSE"]),
        ("Remarks", ["https://x.example/?A=1b&c", "Ann+1@b.example", "Sees Bo on Mondays", "#12B"]),
        ("Remarks", ["canary!Kettle7", "fine", "good"]),
        ("Cost centre", ["4711-AB", "JBSWY3DP", "GB29NWBK60161331926819"]),
    ],
)
def test_what_is_no_secret_is_kept_as_a_note(tmp_path: Path, column: str, cells: list[str]) -> None:
    registry = read(tmp_path, people(column, *cells))
    kept = [person.notes for person in registry.snapshot.people]
    assert [len(notes or ()) for notes in kept] == [1 if cell else 0 for cell in cells]
