"""What headings say, in eight languages and however they are written."""

# Headings are written here as people write them.
# ruff: noqa: RUF001

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.adopt.columns import FIELDS, PEOPLE_FIELDS, kept_column
from rolecall.adopt.heading_keys import heading_key, heading_stems
from rolecall.adopt.heading_lookup import HEADING_TABLES, heading_meaning, languages_of
from rolecall.registry.secret_columns import secret_name
from rolecall.vocabulary import Role

DECIDED_BY_THE_SHEET = {"name", "address", "kind"}
# As people write them, with the field that a careful reader takes them for.
WRITTEN = {
    "English": """
        Platform = platform; Social Network = platform; Username = handle; URL = url
        Page URL = url; Link = url; Page name = label; Who has the password? = holder
        Admin(s) = administrator; Email used = login_email; 2FA? = mfa; Notes = notes
        Last checked = reviewed_on; Department = entity; Principal = head
        Principal e-mail = head_email; Language = language; Date of last post = last_post_on
        Account owner = owner; Owner’s e-mail = owner_email; ADMINISTRATOR NAMES = administrator
        Name of the administrator = administrator; Person responsible for the account = owner
        Employee No. = number; Surname = last_name; First name = first_name
        Leave date = left_on; Job title = job; Security Contact Email = contact_email
        Suborganization Name = entity_below; Parent organisation = entity_above; Phone = nothing
        Where is the password kept? = storage; Password last changed = rotated_on
        Editors = administrator; Approved by = approver; Number of followers = nothing
        pageUrl = url; account_owner = owner; Last Reviewed (dd/mm/yyyy) = reviewed_on
        Contact phone = nothing; Two-factor authentication (Y/N) = mfa
    """,
    "German": """
        Plattform = platform; Kanal = platform; Benutzername = handle; Link zur Seite = url
        Internetadresse = url; Seitenname = label; Wer hat das Passwort? = holder
        Administrator/in = administrator; Administratoren = administrator
        Passwort bekannt bei = holder; Verantwortlich = owner; Verantwortliche/r = owner
        Ansprechpartner = contact; Ansprechpartner:in = contact
        Zwei-Faktor-Authentifizierung = mfa; Zuletzt geprüft = reviewed_on
        Letzter Beitrag = last_post_on; Pfarrei = entity; Einrichtung = entity
        Dekanat = entity_above; Bemerkungen = notes; E-Mail für Anmeldung = login_email
        Redakteure = administrator; Pfarrer = head; Personalnummer = number
        Nachname = last_name; Vorname = first_name; Austrittsdatum = left_on
        Vorgesetzter = supervisor; E-Mail des Administrators = administrator_email
        Telefonnummer = nothing; Passwort zuletzt geändert = rotated_on
        Wo liegt das Passwort? = storage; Sprache = language; Anzahl Follower = nothing
        Genehmigt durch = approver; Übergeordnete Einheit = entity_above
        Untereinheit = entity_below; E-Mail-Adresse = email; Anmerkung(en) = notes
    """,
    "French": """
        Plateforme = platform; Réseau social = platform; Nom d’utilisateur = handle; Lien = url
        Adresse de la page = url; Nom de la page = label; Qui a le mot de passe ? = holder
        Administrateur(s) = administrator; Administrateurs de la page = administrator
        Paroisse = entity; Responsable = owner; Personne à contacter = contact
        Double authentification = mfa; Dernière vérification = reviewed_on
        Dernière publication = last_post_on; Remarques = notes
        Courriel de connexion = login_email; Curé = head; École = entity; Prénom = first_name
        Nom de famille = last_name; Date de départ = left_on; Matricule = number
        Supérieur hiérarchique = supervisor; Où est conservé le mot de passe ? = storage
        Mot de passe changé le = rotated_on; Langue = language
        Courriel de l’administrateur = administrator_email; Téléphone = nothing
        Nombre d’abonnés = nothing; Approuvé par = approver; Entité supérieure = entity_above
        Fonction = job; Commentaire = notes
    """,
    "Spanish": """
        Plataforma = platform; Red social = platform; Nombre de usuario = handle; Enlace = url
        Dirección web = url; Nombre de la página = label; ¿Quién tiene la contraseña? = holder
        Administrador(es) = administrator; Administradores = administrator; Parroquia = entity
        Colegio = entity; Responsable = owner; Persona de contacto = contact
        Verificación en dos pasos = mfa; Última revisión = reviewed_on
        Última publicación = last_post_on; Observaciones = notes; Correo de acceso = login_email
        Párroco = head; Nombre de pila = first_name; Apellidos = last_name
        Fecha de baja = left_on; Número de empleado = number; Jefe directo = supervisor
        Idioma = language; ¿Dónde se guarda la contraseña? = storage
        Último cambio de contraseña = rotated_on; Teléfono = nothing
        Correo del administrador = administrator_email; Seguidores = nothing
        Aprobado por = approver; Depende de = entity_above; Cargo = job; En uso = status
    """,
    "Italian": """
        Piattaforma = platform; Social network = platform; Nome utente = handle
        Collegamento = url; Indirizzo web = url; Nome della pagina = label
        Chi ha la password? = holder; Amministratore/i = administrator
        Amministratori = administrator; Parrocchia = entity; Scuola = entity
        Responsabile = owner; Persona di contatto = contact; Autenticazione a due fattori = mfa
        Ultima verifica = reviewed_on; Ultimo post = last_post_on; Osservazioni = notes
        Parroco = head; Email di accesso = login_email; Cognome = last_name; Matricola = number
        Data di cessazione = left_on; Dov’è conservata la password? = storage
        Ultimo cambio password = rotated_on; Lingua = language
        Email dell’amministratore = administrator_email; Telefono = nothing
        Approvato da = approver; Diocesi = entity_above; Mansione = job
        Superiore diretto = supervisor; Note = notes
    """,
    "Portuguese": """
        Plataforma = platform; Rede social = platform; Nome de usuário = handle; Ligação = url
        Endereço web = url; Nome da página = label; Quem tem a senha? = holder
        Administrador(es) = administrator; Administradores = administrator; Paróquia = entity
        Escola = entity; Responsável = owner; Pessoa de contacto = contact
        Autenticação de dois fatores = mfa; Última revisão = reviewed_on
        Última publicação = last_post_on; Observações = notes; Pároco = head
        E-mail de acesso = login_email; Sobrenome = last_name; Primeiro nome = first_name
        Data de saída = left_on; Matrícula = number; Superior hierárquico = supervisor
        Idioma = language; Onde está guardada a palavra-passe? = storage
        Senha alterada em = rotated_on; Telemóvel = nothing
        E-mail do administrador = administrator_email; Seguidores = nothing
        Aprovado por = approver; Diocese = entity_above; Cargo = job; Situação = status
    """,
    "Dutch": """
        Platform = platform; Sociaal netwerk = platform; Gebruikersnaam = handle; Webadres = url
        Link naar pagina = url; Paginanaam = label; Wie heeft het wachtwoord? = holder
        Beheerder(s) = administrator; Beheerders = administrator; Parochie = entity
        School = entity; Verantwoordelijke = owner; Contactpersoon = contact
        Tweestapsverificatie = mfa; Laatst gecontroleerd = reviewed_on
        Laatste bericht = last_post_on; Opmerkingen = notes; Inlog e-mail = login_email
        Pastoor = head; Achternaam = last_name; Voornaam = first_name; Uit dienst = left_on
        Personeelsnummer = number; Leidinggevende = supervisor; Taal = language
        Waar wordt het wachtwoord bewaard? = storage; Wachtwoord gewijzigd op = rotated_on
        Telefoon = nothing; E-mail beheerder = administrator_email; Aantal volgers = nothing
        Goedgekeurd door = approver; Bisdom = entity_above; Functie = job; In gebruik = status
    """,
    "Polish": """
        Platforma = platform; Portal społecznościowy = platform; Nazwa użytkownika = handle
        Adres strony = url; Link do profilu = url; Nazwa strony = label; Kto zna hasło? = holder
        Hasło zna = holder; Administrator(zy) = administrator; Administratorzy = administrator
        Parafia = entity; Szkoła = entity; Osoba odpowiedzialna = owner
        Osoba do kontaktu = contact; Weryfikacja dwuetapowa = mfa
        Ostatnia kontrola = reviewed_on; Ostatni wpis = last_post_on; Uwagi = notes
        Proboszcz = head; E-mail do logowania = login_email; Nazwisko = last_name
        Imię = first_name; Data odejścia = left_on; Numer pracownika = number
        Przełożony = supervisor; Język = language; Telefon = nothing
        Gdzie jest hasło? = storage; Data zmiany hasła = rotated_on; Zatwierdził = approver
        Adres e-mail administratora = administrator_email; Liczba obserwujących = nothing
        Diecezja = entity_above; Stanowisko = job; Opiekun strony = administrator
    """,
}
TRUE = [
    (language, *map(str.strip, entry.rpartition("=")[::2]))
    for language, lines in WRITTEN.items()
    for line in lines.splitlines()
    for entry in line.split(";")
    if entry.strip()
]
OF_PLATFORMS = {
    "Facebook": ("account", "facebook"),
    "FB": ("account", "facebook"),
    "Facebook page": ("account", "facebook"),
    "Facebook URL": ("account", "facebook"),
    "Link to Facebook page": ("account", "facebook"),
    "Facebook-Seite": ("account", "facebook"),
    "Facebookseite": ("account", "facebook"),
    "Page Facebook": ("account", "facebook"),
    "Página de Facebook": ("account", "facebook"),
    "Pagina Facebook": ("account", "facebook"),
    "Perfil no Instagram": ("account", "instagram"),
    "Instagramaccount": ("account", "instagram"),
    "Konto na Instagramie": ("account", "instagram"),
    "Strona na Facebooku": ("account", "facebook"),
    "X / Twitter": ("account", "x"),
    "X": ("account", "x"),
    "X (formerly Twitter)": ("account", "x"),
    "YouTube channel": ("account", "youtube"),
    "Website": ("account", "website"),
    "Webseite": ("account", "website"),
    "Web site": ("account", "website"),
    "Homepage": ("account", "website"),
    "Site web": ("account", "website"),
    "Sitio web": ("account", "website"),
    "Sito web": ("account", "website"),
    "Strona WWW": ("account", "website"),
    "TikTok handle": ("account", "tiktok"),
    "LinkedIn (company page)": ("account", "linkedin"),
    "Facebook admin": ("administrator", "facebook"),
    "Who manages the Facebook page?": ("administrator", "facebook"),
    "Facebook administrator e-mail": ("administrator_email", "facebook"),
    "Instagram owner": ("owner", "instagram"),
    "FB followers": ("nothing", "facebook"),
    "Instagram Abonnenten": ("nothing", "instagram"),
    "Abonnés Facebook": ("nothing", "facebook"),
    "Last post (Facebook)": ("last_post_on", "facebook"),
    "Facebook login": ("login_email", "facebook"),
    "Who knows the Instagram password?": ("holder", "instagram"),
    "Facebook 2FA": ("mfa", "facebook"),
}
SAME = [
    ("Page name", "PAGE NAME"),
    ("Page name", "page_name"),
    ("Page name", "Page  name:"),
    ("Page name", "pageName"),
    ("Última revisión", "ULTIMA REVISION"),
    ("E-mail", "email"),
    ("E-mail", "E mail"),
    ("Administrator*", "Administrator"),
    ("Last checked (dd/mm/yyyy)", "last checked"),
    ("Email Address [Required]", "e-mail address"),
    ("Hasło", "haslo"),
]


@pytest.mark.parametrize("language", HEADING_TABLES)
def test_every_heading_means_what_its_table_says(language: str) -> None:
    """A table that says two things of one heading, or hides one behind another, is wrong."""
    languages = (language, *(one for one in HEADING_TABLES if one != language))
    for field, headings in HEADING_TABLES[language].items():
        for heading in headings.split("|"):
            found = heading_meaning(heading, languages)
            assert f"{found.field}:{found.role}".removesuffix(":") == field, heading
            assert heading_meaning(f"{heading.upper()}?", languages) == found, heading


@pytest.mark.parametrize("language", HEADING_TABLES)
def test_headings_as_people_write_them(language: str) -> None:
    others = [one for one in HEADING_TABLES if one != language]
    for other, heading, field in TRUE:
        if other == language:
            found = heading_meaning(heading, (language, *others))
            assert (found.field, found.is_whole) == (field, True), heading


@pytest.mark.parametrize("language", HEADING_TABLES)
def test_who_has_a_password_is_no_password(language: str) -> None:
    """A column that asks for people is welcome, and is not refused for the word in it."""
    for heading in HEADING_TABLES[language]["holder"].split("|"):
        assert secret_name(heading) != "secret", heading
    of_platforms = (f"{heading} Facebook" for heading in ("Passwort bei", "Wachtwoord bij"))
    assert {secret_name(heading) for heading in of_platforms} == {"secret"}


def test_each_language_has_each_field_that_sheets_have() -> None:
    for language, table in HEADING_TABLES.items():
        said = {field.partition(":")[0] for field in table}
        assert said <= {*FIELDS, *DECIDED_BY_THE_SHEET}, language
        missing = (
            set(FIELDS) - said - {f"{one}_email" for one in PEOPLE_FIELDS} - {"account", "role"}
        )
        assert not missing, language
        roles = {field.partition(":")[2] for field in table} - {""}
        assert roles <= set(Role.__args__)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("heading", "said"), [*OF_PLATFORMS.items()])
def test_headings_that_name_a_platform(heading: str, said: tuple[str, str]) -> None:
    languages = languages_of([])
    found = heading_meaning(heading, languages)
    assert (found.field, found.platform) == said


def test_a_heading_of_two_languages_is_read_in_that_of_its_sheet() -> None:
    spanish = languages_of(["Plataforma", "Enlace", "Contraseña cambiada", "Apellidos", "Nombre"])
    polish = languages_of(["Platforma", "Adres strony", "Hasło zna", "Nazwisko", "Imię"])
    assert spanish[0] == "Spanish"
    assert polish[0] == "Polish"
    assert heading_meaning("Apellidos", spanish).field == "last_name"
    dutch = languages_of(["Beheerder", "Wachtwoord gewijzigd", "Dienst", "Opmerkingen"])
    german = languages_of(["Verantwortlich", "Passwort geändert", "Dienst", "Bemerkungen"])
    assert heading_meaning("Dienst", dutch).field == "entity"
    assert heading_meaning("Dienst", german).field == "platform"


@pytest.mark.parametrize(("one", "other"), SAME)
def test_headings_that_are_one(one: str, other: str) -> None:
    assert heading_key(one) == heading_key(other)


@given(st.text(max_size=60))
def test_folding_a_heading_twice_is_folding_it_once(heading: str) -> None:
    key = heading_key(heading)
    assert heading_key(key) == key
    assert heading_stems(" ".join(sorted(heading_stems(heading)))) == heading_stems(heading)
    assert heading_meaning(heading, languages_of([])).field in {*FIELDS, *DECIDED_BY_THE_SHEET, ""}


def test_what_memory_keeps_is_read_again() -> None:
    assert kept_column("administrator of facebook as owner") == (
        "administrator",
        "facebook",
        "owner",
    )
    assert kept_column("account of google business") == ("account", "google business", "")
    assert kept_column("label") == ("label", "", "")
    assert kept_column("wibble") is None
    assert kept_column("") is None
