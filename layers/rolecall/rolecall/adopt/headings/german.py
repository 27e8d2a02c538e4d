"""Headings in German."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["GERMAN"]

GERMAN: Mapping[str, str] = {
    "platform": "plattform|netzwerk|soziales netzwerk|social media plattform|kanal"
    "|kanaltyp|medium|dienst|portal|social media kanal|art des kanals|social media dienst"
    "|art des kontos|kontoart|kontotyp|soziale plattform|welche plattform",
    "handle": "benutzername|nutzername|accountname|profilname|anmeldename|kontokennung"
    "|nutzerkennung|benutzerkennung|username|handle des kontos|username auf plattform",
    "url": "adresse der seite|seitenadresse|internetadresse|webadresse|verweis"
    "|link zur seite|link zum profil|profil link|link zum kanal|weblink|seitenlink"
    "|kanaladresse|kanal url|profiladresse|adresse des profils|adresse des kanals|verlinkung"
    "|link zum konto|link zum account|online unter|zu finden unter",
    "label": "seitenname|name der seite|kontoname|name des kontos|kanalname"
    "|name des kanals|konto|seite|profil|name des accounts|titel der seite|social media konto"
    "|social media account|accountbezeichnung|kontobezeichnung|bezeichnung des kontos"
    "|name des profils|bezeichnung des kanals|auftritt|social media auftritt|account name",
    "name": "name|bezeichnung|namen",
    "address": "adresse|kontaktdaten",
    "kind": "art|typ|kategorie",
    "status": "status|zustand|aktiv|in betrieb|in benutzung|in gebrauch|wird genutzt"
    "|noch aktiv|aktiv ja nein|kontostatus|genutzt|nutzung|mitarbeiterstatus"
    "|beschaftigungsstatus|account aktiv|konto aktiv|noch in benutzung",
    "language": "sprache|sprachen|sprache der inhalte|sprache des kontos|inhaltssprache",
    "entity": "einrichtung|pfarrei|gemeinde|kirchengemeinde|pfarrgemeinde|schule"
    "|abteilung|dienststelle|organisation|institution|einheit|bereich|amt|referat|team"
    "|standort|organisationseinheit|dezernat|fachbereich|verband|verein|trager|buro|stelle"
    "|behorde|name der einrichtung|name der schule|name der pfarrei|name der gemeinde|kita"
    "|zustandige stelle|zustandige abteilung|verantwortliche stelle|gruppe|gehort zu"
    "|zugehorig zu|ortsgemeinde|seelsorgeeinheit|pfarrverband|pfarre|ressort|fakultat"
    "|name der organisation|kommune|stadt oder gemeinde|ministerium|niederlassung|filiale",
    "entity_below": "untereinheit|unterabteilung|unterorganisation|teileinheit"
    "|teilbereich|untergliederung|filialgemeinde|sachgebiet|unterbereich",
    "entity_above": "ubergeordnete einheit|ubergeordnete stelle|ubergeordnet|obereinheit"
    "|dachorganisation|dekanat|bistum|diozese|hauptabteilung|gehort zu einheit"
    "|ubergeordnete einrichtung|ubergeordnete organisation|erzbistum|teil von|kirchenkreis"
    "|landkreis",
    "email_domain": "email domane|maildomane|mail domain der einrichtung",
    "administrator": "administrator|administratoren|administratorin|admins|verwalter"
    "|verwaltet von|betreut von|betreuer|seitenadministrator|seitenadmin|kontoverwalter"
    "|zugriff|wer hat zugriff|zugriff haben|zugriffsberechtigte|zugang haben"
    "|personen mit zugriff|wer verwaltet|wer pflegt|gepflegt von|redaktion und verwaltung"
    "|betreuung|pflege durch|administriert von|administration|wer postet"
    "|weitere administratoren|weitere admins|stellvertretender administrator"
    "|hauptadministrator|moderatoren|moderator|social media team|webmaster|zugriff fur"
    "|berechtigte|zugangsberechtigte|berechtigte personen|wer hat zugang|wer kann posten",
    "administrator:owner": "hauptinhaber|eigentumerrolle|superadministrator",
    "administrator:editor": "redakteur|redakteure|redaktion|redakteurin|autoren|autor"
    "|redaktionsteam|bearbeiter|verfasser",
    "administrator:analyst": "analyst der seite|leser|nur lesen|beobachter",
    "holder": "wer hat passwort|wer kennt passwort|passwort bekannt|passwort bei"
    "|passwortinhaber|kennt passwort|passwort kennen|passwort kennt|wer hat kennwort"
    "|kennwort kennt|kennwort bekannt|wer kennt kennwort|kennwort bei|passwort haben"
    "|wer hat zugangsdaten|zugangsdaten bei|inhaber der zugangsdaten|passwort liegt bei"
    "|passworttrager|wer weiss passwort|wer hat die logindaten|passwort wissen"
    "|passwort bekannt bei|zugangsdaten bekannt|zugangsdaten haben",
    "owner": "verantwortlich|verantwortlicher|verantwortliche person|verantwortliche"
    "|kontoverantwortlicher|zustandig|zustandige person|inhaber|eigentumer"
    "|ansprechpartner verantwortlich|federfuhrung|hauptverantwortlich|verantwortung"
    "|wer ist verantwortlich|kontoinhaber|besitzer|wer ist zustandig|zustandigkeit"
    "|verantwortlich fur konto|accountverantwortlicher",
    "head": "leitung|leiter|leiterin|pfarrer|pfarrerin|schulleiter|schulleitung"
    "|schulleiterin|rektor|direktor|direktorin|vorstand|vorsitzender|abteilungsleiter"
    "|abteilungsleitung|einrichtungsleitung|leitung der einrichtung|dienststellenleitung"
    "|geschaftsfuhrer|geschaftsfuhrung|amtsleitung|kitaleitung|pastor|leitender pfarrer"
    "|name des schulleiters|dekan|vorsitz|teamleitung|referatsleitung",
    "contact": "ansprechpartner|ansprechperson|kontakt|kontaktperson|ansprechpartnerin"
    "|ansprechpartner name|technischer kontakt|pressekontakt|pressestelle kontakt|kontakte"
    "|ansprechbar|ruckfragen an|notfallkontakt|sicherheitskontakt|technischer ansprechpartner"
    "|erster ansprechpartner",
    "contact_email": "kontakt email|email des buros|buro email|pfarrburo email"
    "|email pfarrburo|sekretariat email|email sekretariat|email kontakt|allgemeine email"
    "|sammelpostfach|funktionspostfach|email der einrichtung|email der schule|kontaktadresse"
    "|email der gemeinde|zentrale email|email buro|postfach der einrichtung"
    "|email adresse der einrichtung",
    "approver": "genehmigt von|freigegeben von|genehmigt durch|genehmigung durch"
    "|freigabe durch|freigabe von|genehmiger|bewilligt von|wer hat genehmigt",
    "login_email": "login email|anmelde email|email anmeldung|registrierte email"
    "|email des kontos|verwendete email|hinterlegte email|email fur anmeldung|registriert mit"
    "|login adresse|anmeldeadresse|login|anmeldung|registrierungs email|anmelde email adresse"
    "|email login|verknupfte email|email konto|benutzte email|wiederherstellungs email"
    "|angemeldet mit|registriert unter|email adresse des kontos|genutzte email"
    "|email registrierung",
    "mfa": "zwei faktor authentifizierung|zweifaktor|2 faktor|zwei faktor|zweiter faktor"
    "|2 faktor authentifizierung|zweifaktorauthentifizierung|2fa aktiv|2fa aktiviert"
    "|mfa aktiviert|zweistufige anmeldung|bestatigung in zwei schritten|zweiter faktor aktiv"
    "|mfa aktiv|2fa vorhanden|zwei faktor anmeldung|2fa eingerichtet",
    "storage": "passwort gespeichert|wo ist passwort|aufbewahrung passwort"
    "|ablage passwort|passwortablage|passwort aufbewahrt|ablageort|wo liegt passwort"
    "|passwort hinterlegt|passwortspeicher|aufbewahrung|wo liegen zugangsdaten"
    "|passwort abgelegt|wo ist passwort gespeichert|wo ist passwort hinterlegt"
    "|aufbewahrungsort|passwort liegt|kennwort abgelegt|kennwort hinterlegt|wo liegt kennwort",
    "rotated_on": "passwort geandert|passwort zuletzt geandert|letzte passwortanderung"
    "|passwortwechsel|passwort geandert am|letzter passwortwechsel|kennwort geandert"
    "|passwortanderung|kennwort zuletzt geandert|datum passwortanderung|kennwortwechsel"
    "|passwort erneuert|datum passwortwechsel|passwort aktualisiert",
    "last_post_on": "letzter beitrag|letzter post|zuletzt gepostet|letzte aktivitat"
    "|letzte veroffentlichung|datum letzter beitrag|letzter eintrag|zuletzt aktiv"
    "|datum letzter post|zuletzt veroffentlicht|neuester beitrag",
    "reviewed_on": "gepruft|zuletzt gepruft|letzte prufung|gepruft am|prufdatum"
    "|kontrolliert am|zuletzt kontrolliert|datum prufung|uberpruft am|zuletzt uberpruft"
    "|letzte kontrolle|stand|zuletzt aktualisiert|aktualisiert am|letzte uberprufung"
    "|uberprufung|letzte durchsicht",
    "removal_path": "wer kann administratoren entfernen|entfernen durch",
    "removal_tested_on": "entfernung getestet|entfernen getestet am",
    "privacy_record_ref": "verarbeitungsverzeichnis|vvt|vvt nummer"
    "|verzeichnis der verarbeitungstatigkeiten|verarbeitungstatigkeit",
    "lawful_basis": "rechtsgrundlage",
    "privacy_notice_url": "datenschutzerklarung|datenschutzhinweis"
    "|link datenschutzerklarung|datenschutzhinweise",
    "record_class": "aufbewahrungsfrist|aktenplan|loschfrist|archivklasse|aktenzeichen klasse",
    "archive": "archiviert|archivierung|beitrage archiviert|wird archiviert",
    "connected_apps": "verbundene apps|verknupfte apps|drittanbieter apps"
    "|angebundene programme|verbundene anwendungen|eingesetzte werkzeuge",
    "number": "personalnummer|mitarbeiternummer|personal nr|pers nr|mitarbeiter id|nr"
    "|nummer|mitarbeiter nr|personalnr|kennung|lfd nr|mitgliedsnummer",
    "first_name": "vorname|rufname|vornamen",
    "last_name": "nachname|familienname|zuname",
    "full_name": "vollstandiger name|mitarbeiter|mitarbeiterin|person|name vorname"
    "|vor und nachname|nachname vorname|vorname nachname|name mitarbeiter|beschaftigter"
    "|mitarbeitername|mitarbeitende|ehrenamtliche|ehrenamtlicher|name der person|mitglied",
    "email": "email adresse|dienstliche email|email dienstlich|emailadresse|mailadresse"
    "|dienst email|email geschaftlich|mail adresse",
    "alias": "weitere email|private email|alternative email|weitere emails|email privat"
    "|zweite email|andere email",
    "left_on": "austritt|austrittsdatum|ausgeschieden|ausgeschieden am|ende|letzter tag"
    "|letzter arbeitstag|austritt am|vertragsende person|beendet am|enddatum|dienstende"
    "|beschaftigt bis|abgang",
    "started_on": "eintritt|eintrittsdatum|beginn|beginn am|eintritt am|eingestellt am"
    "|dienstbeginn|beschaftigt seit|einstellungsdatum|startdatum|im dienst seit",
    "department": "abt|kostenstelle|orgeinheit",
    "job": "funktion|stellenbezeichnung|position|tatigkeit|beruf|aufgabe|rolle"
    "|amtsbezeichnung|berufsbezeichnung|dienstbezeichnung|stelle funktion|jobtitel",
    "type": "anstellungsart|beschaftigungsart|art der beschaftigung|mitarbeiterart"
    "|art des mitarbeiters|haupt oder ehrenamtlich|vertragsart|beschaftigungsverhaltnis"
    "|personengruppe|hauptamtlich oder ehrenamtlich|hauptamtlich ehrenamtlich",
    "supervisor": "vorgesetzter|vorgesetzte|dienstvorgesetzter|fuhrungskraft|berichtet an"
    "|vorgesetzte person|fachvorgesetzter",
    "clearance_level": "fuhrungszeugnis|praventionsstufe|freigabestufe|sicherheitsstufe"
    "|praventionsschulung stufe|uberprufungsstufe",
    "clearance_expires": "fuhrungszeugnis gultig bis|freigabe gultig bis"
    "|fuhrungszeugnis ablauf|gultig bis",
    "trained_on": "geschult am|schulung|schulung am|datum schulung|letzte schulung"
    "|unterweisung am|schulungsdatum",
    "policy_version": "version der richtlinie|richtlinienversion",
    "policy_acknowledged_on": "richtlinie bestatigt|richtlinie unterschrieben"
    "|richtlinie unterschrieben am|richtlinie akzeptiert|leitlinie unterschrieben"
    "|bestatigung richtlinie",
    "contract_ref": "vertrag|vertragsnummer|vertragsnr",
    "dpa_ref": "auftragsverarbeitung|avv|auftragsverarbeitungsvertrag|av vertrag",
    "contract_ends": "vertragsende|vertrag endet|vertrag bis|vertrag lauft bis",
    "notes": "bemerkung|anmerkung|notiz|kommentar|hinweis|beschreibung|bemerkungen"
    "|notizen|sonstiges|erlauterung|zweck|zielgruppe|anmerkungen|hinweise"
    "|weitere informationen|infos|kommentare|zusatzinfo",
    "nothing": "ort|plz|postleitzahl|telefon|strasse|angelegt am|erstellt am"
    "|telefonnummer|handy|land|geburtsdatum|fax|erstellt|hausnummer|anschrift|bundesland"
    "|geschlecht|mobil|mobilnummer|raum|gegrundet|seit wann|postanschrift|schulerzahl"
    "|verifiziert|eroffnet am|prioritat|erstellungsdatum|gehalt",
}
"""Headings by field."""
