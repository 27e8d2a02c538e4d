"""Headings in Dutch."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["DUTCH"]

DUTCH: Mapping[str, str] = {
    "platform": "platform|netwerk|sociaal netwerk|kanaal|medium|soort kanaal"
    "|social media kanaal|soort account|type kanaal|dienst waarop|sociale media|type account"
    "|welk platform|social media platform",
    "handle": "gebruikersnaam|accountnaam|gebruiker|profielnaam|naam op platform"
    "|inlognaam|gebruikersnaam account",
    "url": "koppeling|webadres|adres van pagina|link naar pagina|internetadres|paginalink"
    "|url van pagina|link naar profiel|link naar account|adres van account|weblink"
    "|profiellink|verwijzing|hyperlink|link naar kanaal|adres van profiel|link naar website",
    "label": "paginanaam|naam van pagina|naam pagina|naam account|naam van account|pagina"
    "|profiel|kanaalnaam|titel van pagina|naam van kanaal|naam van profiel|naam kanaal"
    "|weergavenaam",
    "name": "naam|namen|benaming|omschrijving naam",
    "address": "adres|contactgegevens",
    "kind": "soort|type|categorie",
    "status": "status|actief|in gebruik|toestand|nog actief|actief ja nee|accountstatus"
    "|gebruikt|stand van zaken|nog in gebruik|account actief",
    "language": "taal|talen|taal van inhoud|taal van account|voertaal",
    "entity": "organisatie|parochie|school|afdeling|instelling|eenheid|dienst|gemeente"
    "|kerk|onderdeel|kantoor|bureau|team|locatie|vestiging|naam van school|naam van parochie"
    "|naam van organisatie|vereniging|stichting|organisatieonderdeel"
    "|verantwoordelijke afdeling|hoort bij|groep|naam instelling|naam school|directie"
    "|faculteit|ministerie|sector|organisatie eenheid|naam parochie|kerkgemeente",
    "entity_below": "subafdeling|onderafdeling|suborganisatie|subeenheid|deelafdeling",
    "entity_above": "bovenliggende eenheid|bisdom|decanaat|moederorganisatie"
    "|bovenliggende organisatie|overkoepelende organisatie|regio|valt onder|dekenaat"
    "|provincie kerk|bestuur van|hoofdafdeling|onderdeel van|aartsbisdom|koepelorganisatie",
    "email_domain": "email domein|maildomein",
    "administrator": "beheerder|beheerders|beheer|beheerd door|wie beheert"
    "|paginabeheerder|accountbeheerder|toegang|wie heeft toegang|personen met toegang"
    "|heeft toegang|hebben toegang|wie plaatst|geplaatst door|moderator|moderatoren"
    "|onderhouden door|webmaster|andere beheerders|social media beheerder|bijgehouden door"
    "|beheerder van pagina|gebruikers met toegang|hoofdbeheerder|tweede beheerder|wie post"
    "|beheerder account|mensen met toegang|wie onderhoudt",
    "administrator:owner": "eigenaar van pagina|eigenaarsrol|hoofdeigenaar",
    "administrator:editor": "redacteur|redacteuren|redactie|bewerker|auteur|auteurs|bewerkers",
    "administrator:analyst": "analist|analisten|alleen lezen|lezers",
    "holder": "wie heeft wachtwoord|wie kent wachtwoord|wachtwoord bekend bij"
    "|houder van wachtwoord|kent wachtwoord|wachtwoordhouder|kennen wachtwoord"
    "|wie weet wachtwoord|wachtwoord bij|hebben wachtwoord|weten wachtwoord"
    "|wachtwoord in bezit van|wie heeft inloggegevens|wachtwoord houder|wachtwoordhouders"
    "|wie hebben wachtwoord|personen met wachtwoord",
    "owner": "verantwoordelijk|verantwoordelijke|eigenaar|accounteigenaar"
    "|verantwoordelijke persoon|eigenaar van account|wie is verantwoordelijk"
    "|aanspreekpunt verantwoordelijk|eindverantwoordelijke|trekker|eigenaar account"
    "|accounthouder|verantwoordelijke account",
    "head": "directeur|directrice|pastoor|rector|schoolleider|schooldirecteur|hoofd"
    "|leidinggevende van afdeling|voorzitter|afdelingshoofd|predikant|dominee|leiding"
    "|hoofd van afdeling|teamleider|burgemeester|naam directeur|bestuurder|deken|pastor"
    "|diensthoofd",
    "contact": "contactpersoon|contact|contactpersonen|aanspreekpunt|technisch contact"
    "|perscontact|contacten|naam contactpersoon|beveiligingscontact|noodcontact"
    "|eerste aanspreekpunt",
    "contact_email": "contact email|email contact|email secretariaat|algemene email"
    "|email van school|email van parochie|secretariaat email|gedeelde mailbox"
    "|algemeen emailadres|emailadres school|contact emailadres|emailadres contact"
    "|algemeen email adres|email parochie|email kantoor|emailadres secretariaat",
    "approver": "goedgekeurd door|goedkeuring door|goedkeurder|akkoord van"
    "|geautoriseerd door|wie heeft goedgekeurd",
    "login_email": "inlog email|email account|gebruikte email|geregistreerde email"
    "|login email|email van account|aanmeld email|inlogadres|gekoppelde email"
    "|email voor inloggen|inlog|aangemeld met|geregistreerd met|email bij account"
    "|inlog emailadres|gebruikt emailadres|gebruikt email adres|geregistreerd emailadres"
    "|gekoppeld emailadres|herstel email|emailadres account|emailadres van account|login",
    "mfa": "tweestapsverificatie|tweefactorauthenticatie|twee factor|tweede factor"
    "|tweestaps|2fa aan|twee factor authenticatie|verificatie in twee stappen"
    "|2fa ingeschakeld|2fa actief|dubbele verificatie|meerfactor|tweefactor"
    "|twee staps verificatie|tweetrapsverificatie",
    "storage": "wachtwoord bewaard|waar is wachtwoord|opslag wachtwoord"
    "|wachtwoord opgeslagen|waar wordt wachtwoord bewaard|waar staat wachtwoord"
    "|wachtwoordkluis|bewaarplaats|waar ligt wachtwoord|wachtwoord opgeslagen in"
    "|wachtwoordopslag|waar bewaard|plaats van wachtwoord|wachtwoordbeheerder",
    "rotated_on": "wachtwoord gewijzigd|laatste wachtwoordwijziging"
    "|wachtwoord laatst gewijzigd|wachtwoord veranderd|wachtwoordwijziging"
    "|wachtwoord gewijzigd op|datum wachtwoordwijziging|wachtwoord vernieuwd"
    "|wachtwoord aangepast|wachtwoord laatst aangepast",
    "last_post_on": "laatste bericht|laatste post|laatst geplaatst|laatste activiteit"
    "|datum laatste bericht|laatste publicatie|laatst actief|laatste plaatsing"
    "|datum laatste post",
    "reviewed_on": "gecontroleerd|laatst gecontroleerd|laatste controle|datum controle"
    "|gecontroleerd op|laatst nagekeken|nagekeken op|bijgewerkt op|laatst bijgewerkt"
    "|controledatum|datum gecontroleerd|laatste update|bijgewerkt",
    "removal_path": "wie kan beheerders verwijderen|verwijdering door",
    "removal_tested_on": "verwijdering getest|verwijdering getest op",
    "privacy_record_ref": "verwerkingsregister|register van verwerkingen"
    "|verwerkingsregister nummer",
    "lawful_basis": "grondslag|rechtsgrond|wettelijke grondslag",
    "privacy_notice_url": "privacyverklaring|link privacyverklaring|privacy verklaring",
    "record_class": "bewaartermijn|selectielijst|archiefklasse",
    "archive": "gearchiveerd|archivering|berichten gearchiveerd",
    "connected_apps": "gekoppelde apps|verbonden apps|gekoppelde toepassingen"
    "|gekoppelde applicaties",
    "number": "personeelsnummer|medewerkernummer|nummer|personeels nr|medewerker id|nr"
    "|personeelsnr|lidnummer",
    "first_name": "voornaam|roepnaam|voornamen",
    "last_name": "achternaam|familienaam",
    "full_name": "volledige naam|medewerker|persoon|voor en achternaam|naam medewerker"
    "|naam van medewerker|lid|vrijwilliger|naam persoon|achternaam voornaam"
    "|voornaam achternaam|werknemer",
    "email": "emailadres|email adres|werk email|zakelijk emailadres|mailadres|email werk"
    "|zakelijke email",
    "alias": "ander emailadres|prive email|alternatieve email|andere email"
    "|prive emailadres|tweede email",
    "left_on": "uit dienst|datum uit dienst|einddatum|vertrokken op|laatste werkdag"
    "|vertrekdatum|vertrek|einde dienstverband|laatste dag",
    "started_on": "in dienst|datum in dienst|begindatum|startdatum|in dienst sinds"
    "|in dienst per|aangenomen op|indiensttreding",
    "department": "afd|kostenplaats",
    "job": "functie|functietitel|rol|beroep|positie|taak|functienaam|functieomschrijving",
    "type": "soort dienstverband|type medewerker|vrijwilliger of betaald|dienstverband"
    "|soort contract|contractvorm|soort medewerker|vrijwilliger of medewerker",
    "supervisor": "leidinggevende|manager|rapporteert aan|direct leidinggevende|chef",
    "clearance_level": "vog|vog niveau|screeningsniveau|verklaring omtrent gedrag",
    "clearance_expires": "vog geldig tot|vog verloopt|screening geldig tot",
    "trained_on": "getraind op|training|datum training|laatste training|opleiding gevolgd op",
    "policy_version": "versie van beleid|beleidsversie",
    "policy_acknowledged_on": "beleid ondertekend|beleid geaccepteerd"
    "|beleid ondertekend op|gedragscode ondertekend",
    "contract_ref": "contract|contractnummer|overeenkomst",
    "dpa_ref": "verwerkersovereenkomst|verwerkersovereenkomst nummer",
    "contract_ends": "einde contract|contract tot|contract loopt tot|einddatum contract",
    "notes": "opmerking|opmerkingen|notitie|notities|toelichting|omschrijving"
    "|bijzonderheden|commentaar|doel|doelgroep|informatie|overig|beschrijving|info"
    "|extra informatie",
    "nothing": "plaats|postcode|telefoon|straat|land|aangemaakt op|mobiel|provincie|fax"
    "|geboortedatum|woonplaats|geslacht|huisnummer|telefoonnummer|aangemaakt|datum aangemaakt"
    "|salaris|geopend op|geverifieerd|prioriteit|leerlingenaantal|postadres",
}
"""Headings by field."""
