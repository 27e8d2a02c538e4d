"""What people write over columns, and in them, in eight languages: as they would, not as we do."""

# What people write is written as they write it.
# ruff: noqa: RUF001

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

__all__ = ["LANGUAGES", "Language"]


class Language(NamedTuple):
    """Headings by what they mean, several for each; and words for yes, no, and, nothing."""

    headings: Mapping[str, Sequence[str]]
    yes: str
    no: str
    joint: str
    nothing: str
    total: str
    title: str


LANGUAGES: Mapping[str, Language] = {
    "en": Language(
        {
            "platform": ("Platform", "Social network", "Channel", "Site/App"),
            "url": ("Link", "URL", "Web address", "Page link"),
            "handle": ("Handle", "User name", "Account name", "@name"),
            "unit": ("Department", "Organisation", "Parish / School", "Unit"),
            "admins": ("Admins", "Administrator(s)", "Who administers it", "Page admins"),
            "holders": ("Who knows the password?", "Who has the login", "Password known by"),
            "mfa": ("2FA", "Two-factor?", "MFA on?"),
            "head": ("Principal", "Pastor", "Head of unit"),
            "followers": ("Followers", "# of likes"),
        },
        *("yes", "no", " and ", "n/a", "Total", "Social media accounts of {0}"),
    ),
    "de": Language(
        {
            "platform": ("Plattform", "Netzwerk", "Kanal"),
            "url": ("Adresse", "Webadresse", "Link zur Seite", "Verknüpfung"),
            "handle": ("Benutzername", "Kontoname", "Nutzername"),
            "unit": ("Einrichtung", "Pfarrei / Schule", "Abteilung"),
            "admins": ("Administratoren", "Admin", "Wer verwaltet die Seite"),
            "holders": ("Wer kennt das Passwort?", "Passwort bekannt bei"),
            "mfa": ("Zwei-Faktor", "2FA aktiv?", "Zwei-Faktor-Anmeldung"),
            "head": ("Leitung", "Pfarrer", "Schulleitung"),
            "followers": ("Abonnenten", "Anzahl Follower"),
        },
        *("ja", "nein", " und ", "k. A.", "Summe", "Konten in sozialen Medien: {0}"),
    ),
    "fr": Language(
        {
            "platform": ("Plateforme", "Réseau", "Réseau social"),
            "url": ("Lien", "Adresse du site", "Adresse web"),
            "handle": ("Nom d’utilisateur", "Identifiant", "Compte"),
            "unit": ("Service", "Paroisse", "Établissement"),
            "admins": ("Administrateurs", "Administré par", "Gestionnaires de la page"),
            "holders": ("Qui connaît le mot de passe ?", "Mot de passe connu de"),
            "mfa": ("Double authentification", "2FA", "Authentification à deux facteurs"),
            "head": ("Responsable du service", "Curé", "Directeur"),
            "followers": ("Abonnés", "Nombre d’abonnés"),
        },
        *("oui", "non", " et ", "s/o", "Total", "Comptes de réseaux sociaux – {0}"),
    ),
    "es": Language(
        {
            "platform": ("Plataforma", "Red social", "Red"),
            "url": ("Enlace", "Dirección web", "URL"),
            "handle": ("Usuario", "Nombre de usuario", "Cuenta"),
            "unit": ("Departamento", "Parroquia", "Centro"),
            "admins": ("Administradores", "Administrador/a", "Quién administra"),
            "holders": ("¿Quién sabe la contraseña?", "Contraseña conocida por"),
            "mfa": ("Doble factor", "Verificación en dos pasos", "2FA"),
            "head": ("Párroco", "Director/a", "Responsable del centro"),
            "followers": ("Seguidores", "Nº de seguidores"),
        },
        *("sí", "no", " y ", "no aplica", "Total", "Cuentas en redes sociales – {0}"),
    ),
    "it": Language(
        {
            "platform": ("Piattaforma", "Social", "Rete sociale"),
            "url": ("Collegamento", "Indirizzo web", "Link"),
            "handle": ("Nome utente", "Account", "Nome profilo"),
            "unit": ("Ufficio", "Parrocchia", "Ente"),
            "admins": ("Amministratori", "Amministratore", "Chi amministra"),
            "holders": ("Chi conosce la password?", "Password nota a"),
            "mfa": ("Doppia autenticazione", "Autenticazione a due fattori", "2FA"),
            "head": ("Parroco", "Dirigente", "Responsabile dell’ufficio"),
            "followers": ("Follower", "Numero di follower"),
        },
        *("sì", "no", " e ", "non disponibile", "Totale", "Account social di {0}"),
    ),
    "pt": Language(
        {
            "platform": ("Plataforma", "Rede social", "Rede"),
            "url": ("Ligação", "Endereço", "Link da página"),
            "handle": ("Nome de utilizador", "Usuário", "Nome da conta"),
            "unit": ("Departamento", "Paróquia", "Serviço"),
            "admins": ("Administradores", "Administrador(a)", "Quem administra"),
            "holders": ("Quem sabe a senha?", "Senha conhecida por"),
            "mfa": ("Autenticação de dois fatores", "2FA", "Verificação em duas etapas"),
            "head": ("Pároco", "Diretor(a)", "Responsável do serviço"),
            "followers": ("Seguidores", "Número de seguidores"),
        },
        *("sim", "não", " e ", "não aplicável", "Total", "Contas nas redes sociais: {0}"),
    ),
    "nl": Language(
        {
            "platform": ("Platform", "Netwerk", "Kanaal"),
            "url": ("Webadres", "Koppeling", "Link naar pagina"),
            "handle": ("Gebruikersnaam", "Accountnaam", "Account"),
            "unit": ("Afdeling", "Parochie", "School"),
            "admins": ("Beheerders", "Beheerder(s)", "Wie beheert de pagina"),
            "holders": ("Wie kent het wachtwoord?", "Wachtwoord bekend bij"),
            "mfa": ("Tweestapsverificatie", "2FA", "Tweefactor aan?"),
            "head": ("Pastoor", "Directeur", "Afdelingshoofd"),
            "followers": ("Volgers", "Aantal volgers"),
        },
        *("ja", "nee", " en ", "n.v.t.", "Totaal", "Sociale media van {0}"),
    ),
    "pl": Language(
        {
            "platform": ("Platforma", "Serwis", "Portal społecznościowy"),
            "url": ("Adres strony", "Odnośnik", "Link"),
            "handle": ("Nazwa użytkownika", "Nazwa konta", "Konto"),
            "unit": ("Dział", "Parafia", "Jednostka"),
            "admins": ("Administratorzy", "Administrator", "Kto administruje"),
            "holders": ("Kto zna hasło?", "Hasło zna"),
            "mfa": ("Uwierzytelnianie dwuskładnikowe", "2FA", "Weryfikacja dwuetapowa"),
            "head": ("Proboszcz", "Dyrektor", "Kierownik działu"),
            "followers": ("Obserwujący", "Liczba obserwujących"),
        },
        *("tak", "nie", " i ", "nie dotyczy", "Razem", "Konta społecznościowe – {0}"),
    ),
}
