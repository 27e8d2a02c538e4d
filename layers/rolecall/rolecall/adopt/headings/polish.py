"""Headings in Polish."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["POLISH"]

POLISH: Mapping[str, str] = {
    "platform": "platforma|siec|serwis|portal|portal spolecznosciowy|kanal"
    "|serwis spolecznosciowy|rodzaj kanalu|typ konta|media spolecznosciowe"
    "|siec spolecznosciowa|medium|rodzaj konta|rodzaj medium|medium spolecznosciowe"
    "|rodzaj portalu|nazwa portalu",
    "handle": "nazwa uzytkownika|uzytkownik|nick|identyfikator|identyfikator konta"
    "|login konta|nazwa uzytkownika konta",
    "url": "adres strony|odnosnik|adres internetowy|link do strony|adres www|adres url"
    "|link do profilu|link do konta|adres profilu|adres konta|odsylacz|url strony"
    "|strona internetowa adres|link do kanalu|adres kanalu|adres sieciowy",
    "label": "nazwa strony|nazwa konta|konto|strona|profil|nazwa profilu|tytul strony"
    "|nazwa kanalu|tytul konta|nazwa wyswietlana",
    "name": "nazwa|nazwy|imie lub nazwa",
    "address": "adres|dane kontaktowe",
    "kind": "typ|rodzaj|kategoria",
    "status": "status|stan|aktywne|aktywny|w uzyciu|czy aktywne|uzywane|czynne"
    "|czy uzywane|stan konta|status konta|nadal aktywne|aktywne tak nie|czy dziala",
    "language": "jezyk|jezyki|jezyk tresci|jezyk konta",
    "entity": "jednostka|parafia|szkola|dzial|organizacja|instytucja|biuro|wydzial"
    "|placowka|urzad|osrodek|gmina|wspolnota|nazwa szkoly|nazwa parafii|nazwa jednostki"
    "|nazwa placowki|stowarzyszenie|fundacja|zespol|referat|komorka organizacyjna|departament"
    "|ministerstwo|nalezy do|jednostka organizacyjna|nazwa instytucji|nazwa organizacji|grupa"
    "|oddzial|jednostka odpowiedzialna|komorka",
    "entity_below": "podjednostka|pododdzial|podorganizacja|podzespol|komorka podlegla",
    "entity_above": "jednostka nadrzedna|diecezja|dekanat|organizacja nadrzedna|podlega"
    "|archidiecezja|nadrzedna|region|jednostka wyzsza|organ prowadzacy|podlega pod|czesc"
    "|kuria",
    "email_domain": "domena poczty|domena email",
    "administrator": "administrator|administratorzy|administratora|administratorka"
    "|zarzadza|zarzadzajacy|kto zarzadza|prowadzacy|kto prowadzi|opiekun|opiekunowie"
    "|administrator strony|administratorzy strony|dostep|kto ma dostep|osoby z dostepem"
    "|maja dostep|kto publikuje|moderator|moderatorzy|prowadzone przez|zarzadzane przez"
    "|administrowane przez|pozostali administratorzy|opiekun konta|administrator konta"
    "|uzytkownicy z dostepem|glowny administrator|drugi administrator|kto administruje"
    "|prowadzi|osoby majace dostep|publikuje",
    "administrator:owner": "wlasciciel strony|rola wlasciciela|superadministrator",
    "administrator:editor": "redaktor|redaktorzy|redaktorka|edytor|edytorzy|autor|autorzy"
    "|wspolpracownicy",
    "administrator:analyst": "analityk|analitycy|tylko odczyt",
    "holder": "kto ma haslo|kto zna haslo|haslo zna|znaja haslo|haslo u|zna haslo"
    "|osoby znajace haslo|posiadacz hasla|kto posiada haslo|haslo znaja|maja haslo"
    "|haslo posiada|osoby z haslem|kto ma dane logowania|haslo ma|powiernik hasla",
    "owner": "odpowiedzialny|osoba odpowiedzialna|wlasciciel|wlasciciel konta"
    "|odpowiedzialna|odpowiada|kto odpowiada|osoba odpowiedzialna za konto"
    "|odpowiedzialny za konto|wlascicielka|dysponent|gestor konta|kto jest odpowiedzialny"
    "|odpowiedzialna osoba|imie i nazwisko osoby odpowiedzialnej",
    "head": "dyrektor|proboszcz|kierownik|rektor|dyrektor szkoly|przewodniczacy|naczelnik"
    "|dyrektorka|szef|przelozony jednostki|kierownik dzialu|prezes|dziekan|pastor|wojt"
    "|burmistrz|nazwisko dyrektora|kierownictwo|kierowniczka|zwierzchnik",
    "contact": "kontakt|osoba kontaktowa|osoba do kontaktu|kontakty|kontakt techniczny"
    "|kontakt dla prasy|punkt kontaktowy|osoby kontaktowe|kontakt bezpieczenstwa"
    "|kontakt awaryjny",
    "contact_email": "email kontaktowy|kontakt email|email sekretariatu|email szkoly"
    "|email parafii|ogolny email|email ogolny|adres kontaktowy|skrzynka wspolna"
    "|email do kontaktu|adres email do kontaktu|email biura|kancelaria email|email kancelarii"
    "|wspolna skrzynka|kontaktowy adres email",
    "approver": "zatwierdzil|zatwierdzone przez|zaakceptowal|zgoda wydana przez"
    "|zatwierdzajacy|kto zatwierdzil|zaakceptowane przez",
    "login_email": "email logowania|email konta|email do logowania|uzyty email"
    "|zarejestrowany email|email rejestracji|email powiazany|login email|adres logowania"
    "|logowanie|zarejestrowane na|email przypisany|email uzyty do rejestracji"
    "|adres email konta|powiazany email|email odzyskiwania|email rejestracyjny|login"
    "|adres do logowania|adres email do logowania",
    "mfa": "uwierzytelnianie dwuskladnikowe|weryfikacja dwuetapowa|dwuskladnikowe"
    "|drugi skladnik|dwuetapowa|2fa wlaczone|podwojne uwierzytelnianie|logowanie dwuetapowe"
    "|uwierzytelnianie dwuetapowe|2fa aktywne|czy wlaczone 2fa|dwuskladnikowa"
    "|weryfikacja dwuskladnikowa|2fa wlaczona|czy jest 2fa",
    "storage": "gdzie jest haslo|miejsce hasla|haslo przechowywane|przechowywanie hasla"
    "|haslo zapisane|gdzie przechowywane haslo|menedzer hasel|gdzie zapisane haslo"
    "|miejsce przechowywania|miejsce przechowywania hasla|haslo przechowywane w"
    "|gdzie trzymane haslo",
    "rotated_on": "zmiana hasla|haslo zmienione|ostatnia zmiana hasla|data zmiany hasla"
    "|haslo zmieniono|kiedy zmieniono haslo|data ostatniej zmiany hasla|haslo zmienione dnia",
    "last_post_on": "ostatni post|ostatni wpis|ostatnia publikacja|data ostatniego wpisu"
    "|ostatnia aktywnosc|data ostatniego posta|data ostatniej publikacji|najnowszy wpis",
    "reviewed_on": "sprawdzono|ostatnio sprawdzone|data sprawdzenia|ostatnia kontrola"
    "|zweryfikowano|data kontroli|ostatnia weryfikacja|data weryfikacji|sprawdzone"
    "|zaktualizowano|ostatnia aktualizacja|data aktualizacji|przeglad|data przegladu"
    "|skontrolowano",
    "removal_path": "kto moze usunac administratorow|usuniecie przez",
    "removal_tested_on": "usuniecie sprawdzone|proba usuniecia",
    "privacy_record_ref": "rejestr czynnosci|rejestr czynnosci przetwarzania"
    "|numer w rejestrze czynnosci",
    "lawful_basis": "podstawa prawna|podstawa przetwarzania",
    "privacy_notice_url": "klauzula informacyjna|polityka prywatnosci"
    "|link do polityki prywatnosci|link do klauzuli",
    "record_class": "kategoria archiwalna|okres przechowywania",
    "archive": "archiwizowane|archiwizacja|zarchiwizowane",
    "connected_apps": "polaczone aplikacje|podlaczone aplikacje|powiazane aplikacje",
    "number": "numer pracownika|numer|nr pracownika|nr ewidencyjny|id pracownika"
    "|numer ewidencyjny|lp|numer osobowy",
    "first_name": "imie|imiona|pierwsze imie",
    "last_name": "nazwisko|nazwiska",
    "full_name": "imie i nazwisko|nazwisko i imie|pracownik|osoba|pracownica|czlonek"
    "|wolontariusz|pelne imie i nazwisko|imie nazwisko|nazwisko imie|nazwisko pracownika",
    "email": "adres email|poczta elektroniczna|email sluzbowy|sluzbowy email|adres poczty"
    "|adres poczty elektronicznej|sluzbowy adres email|poczta",
    "alias": "inny email|prywatny email|dodatkowy email|email prywatny|drugi email",
    "left_on": "data odejscia|odejscie|zwolnienie|data zwolnienia|koniec pracy"
    "|data zakonczenia|ostatni dzien|ostatni dzien pracy|odszedl|data zakonczenia pracy"
    "|koniec zatrudnienia|data ustania zatrudnienia",
    "started_on": "data zatrudnienia|zatrudnienie od|poczatek pracy|data rozpoczecia"
    "|od kiedy|zatrudniony od|data przyjecia|pracuje od",
    "department": "mpk|miejsce zatrudnienia",
    "job": "stanowisko|funkcja|rola|zawod|pelniona funkcja|stanowisko pracy|zadanie",
    "type": "rodzaj zatrudnienia|forma zatrudnienia|typ pracownika|rodzaj umowy"
    "|pracownik czy wolontariusz|pracownik lub wolontariusz|typ umowy",
    "supervisor": "przelozony|bezposredni przelozony|podlega komu|przelozona|opiekun pracownika",
    "clearance_level": "poziom dopuszczenia|zaswiadczenie o niekaralnosci|niekaralnosc",
    "clearance_expires": "dopuszczenie wazne do|zaswiadczenie wazne do",
    "trained_on": "szkolenie|data szkolenia|ostatnie szkolenie|przeszkolony|przeszkolono",
    "policy_version": "wersja regulaminu|wersja polityki",
    "policy_acknowledged_on": "regulamin podpisany|polityka podpisana"
    "|data podpisania regulaminu|akceptacja regulaminu",
    "contract_ref": "umowa|numer umowy|nr umowy",
    "dpa_ref": "umowa powierzenia|umowa powierzenia przetwarzania",
    "contract_ends": "koniec umowy|umowa do|data konca umowy|umowa wazna do",
    "notes": "uwaga|uwagi|notatka|notatki|opis|komentarz|informacje|cel|inne"
    "|dodatkowe informacje|komentarze|grupa docelowa|szczegoly|dodatkowe uwagi",
    "nothing": "miasto|kod pocztowy|telefon|ulica|kraj|data utworzenia|utworzono"
    "|komorka telefon|wojewodztwo|faks|data urodzenia|powiat|miejscowosc|plec|numer telefonu"
    "|nr telefonu|pensja|data zalozenia|zalozono|zweryfikowane odznaka|priorytet"
    "|liczba uczniow",
}
"""Headings by field."""
