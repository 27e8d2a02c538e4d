"""Words that stand beside a name, or in its place, in the languages that organisations write.

All are folded as :func:`rolecall.adopt.name_keys.word_key` folds them: without case, accents, full
stops and apostrophes, with single blanks.
"""

from __future__ import annotations

from collections.abc import Mapping

from rolecall.adopt.word_sets import word_set
from rolecall.vocabulary import Role

__all__ = [
    "CONJUNCTIONS",
    "DOUBTS",
    "GROUPS",
    "JOBS",
    "NOBODY",
    "PAST",
    "ROLES",
    "ROLE_FILLERS",
    "SUFFIXES",
    "TITLES",
]


TITLES = word_set(
    """
    fr|father|rev|revd|reverend|very|most|right|rt|msgr|mgr|monsignor|canon|dean|deacon|dcn|sr
    |sister|br|bro|brother|bishop|archbishop|cardinal|pastor|vicar|rector|abbot|dr|prof|professor
    |mr|mrs|ms|miss|mx|sir|dame|lady|lord|hon|the|mother|herr|herrn|frau|hr|pfr|pfarrer|pfarrerin
    |pater|diakon|diakonin|dipl|ing|mag|dipl ing|kaplan|vikar|schwester|bruder|propst|dekan
    |weihbischof|bischof|erzbischof|domkapitular|mme|mlle|mm|monsieur|madame|mademoiselle|abbe|pere
    |soeur|frere|cure|chanoine|diacre|don|dona|dna|sra|srta|senor|senora|senorita|padre|fray|hna
    |hno|hermana|hermano|mons|monsenor|parroco|diacono|obispo|pbro|lic|sig|sigra|signor|signora
    |signorina|suor|fra|frate|dott|dottssa|profssa|dottore|dottoressa|avv|monsignore|vescovo|geom
    |rag|arch|pe|irma|irmao|dom|sr a|dra|profa|eng|conego|senhor|senhora|dhr|mevr|mw|mevrouw|meneer
    |heer|pastoor|zuster|broeder|dominee|ds|drs|ir|kapelaan|diaken|deken|ks|ksiadz|pan|pani|siostra
    |brat|ojciec|inz|hab|bp|abp|dk
    """
)
"""Forms of address and dignities that stand before a name and are no part of it."""

SUFFIXES = word_set(
    """
    jr|snr|jnr|phd|md|mba|ma|ba|bsc|msc|mbe|obe|cbe|sj|ofm|ofmcap|op|osb|cssr|cssp|sdb|sdc|ssp|osa
    |ocd|ocso|svd|cm|mic|omi|smm|fdcc|rsm|pp|cc|adm|esq|llb|llm|bed|jcl|jcd|std|stl|dd|vg|mhm|mafr
    |csp|ra|hdip|mag|mdiv|edd|cpa
    """
)
"""What stands behind a name and is no part of it: degrees, orders, dignities."""

CONJUNCTIONS = word_set(
    """
    and|und|et|sowie|oraz|and or|und oder|et ou|as well as|or|oder|ou|lub|ainsi que|plus|with
    |with help from|together with|mit|avec|along with
    """
)
"""What stands between two people, whatever their names; ``y``, ``e``, ``i``, ``en`` and the like
stand in names too."""

DOUBTS = word_set(
    """
    maybe|probably|perhaps|possibly|i think|not sure|check|ask|tbc|vielleicht|wahrscheinlich
    |vermutlich|peut etre|probablement|sans doute|quiza|quizas|tal vez|probablemente|creo|forse
    |probabilmente|credo|talvez|provavelmente|acho|misschien|waarschijnlijk|moze|chyba
    |prawdopodobnie|fragen|demander a|preguntar a|chiedere a|perguntar a|vragen|zapytac|i believe
    |might be|could be
    """
)
"""Words by which somebody says that they do not know it surely."""

PAST = word_set(
    """
    left|gone|former|formerly|ex|past|previous|previously|retired|resigned|moved|deceased|late|rip
    |no longer here|has left|old|ehemalig|ehemaliger|ehemalige|ehem|ausgeschieden|verstorben
    |im ruhestand|fruher|frueher|fruhere|fruherer|ancien|ancienne|parti|partie|decede|decedee
    |retraite|retraitee|antiguo|antigua|anterior|fallecido|fallecida|jubilado|jubilada|se fue
    |vecchio|precedente|andato via|in pensione|defunto|defunta|antigo|antiga|saiu|falecido|falecida
    |aposentado|aposentada|voormalig|voormalige|vertrokken|overleden|gepensioneerd|vroegere|byly
    |byla|odszedl|odeszla|zmarly|zmarla|emerytowany|na emeryturze|oud|weg|emeritus|emerita|emerytka
    |ex membre|vertrokken in
    |was|until|till|bis|hasta|jusquen|fino al|ate|tot|replaced|resigned in|replaced by|up to
    """
)
"""Words that say that somebody was, and is no more."""

NOBODY = word_set(
    """
    me|myself|i|us|we|you|him|her|them|himself|herself|everyone|everybody|anyone|anybody|nobody
    |no one|noone|somebody|someone|all|all of us|all of them|both|others|other|various|several|many
    |multiple|multiple people|dont know|do not know|not known|unknown|no idea|who knows
    |nobody knows|not sure|unsure|lost|forgotten|cant remember|same|same as above|as above
    |see above|ditto|see notes|see below|see list|see sheet|shared|new person|tbd|vacant|vacancy|na
    |none|et al|etc|and others|redacted for privacy|redacted|withheld|private|confidential
    |not disclosed|data protected|person|people|name|names|test|anonymous|ich|wir|alle|jeder
    |niemand|keiner|jemand|weiss nicht|weiß nicht|keine ahnung|unbekannt|unbesetzt|vakant
    |siehe oben|s o|andere|mehrere|verschiedene|wie oben|usw|moi|nous|tous|toutes|tout le monde
    |personne|quelqu un|quelquun|inconnu|ne sais pas|je ne sais pas|aucune idee|voir ci dessus|idem
    |autres|plusieurs|yo|nosotros|todos|todas|nadie|alguien|no se|no lo se|no sabe|ni idea
    |desconocido|vacante|ver arriba|otros|varios|io|noi|tutti|tutte|nessuno|qualcuno|non so
    |non lo so|sconosciuto|vedi sopra|altri|vari|eu|nos|todos nos|ninguem|alguem|nao sei|nao sabe
    |desconhecido|ver acima|outros|ik|wij|iedereen|niemand meer|iemand|weet niet|weet ik niet
    |geen idee|onbekend|zie boven|zie hierboven|anderen|diverse|ja|my|wszyscy|kazdy|nikt|ktos
    |nie wiem|nieznany|nie wiadomo|jak wyzej|inni|rozni|brak|wakat
    """
)
"""What stands for people and names none of them."""

GROUPS = word_set(
    """
    office|team|dept|department|committee|council|group|volunteers|volunteer|staff|board|ministry
    |crew|helpdesk|desk|it|ict|hr|pr|comms|communications|marketing|media|social|admin|admins
    |administrators|editors|users|members|parents|teachers|leaders|leadership|youth|school|parish
    |church|diocese|rectory|reception|secretariat|management|trustees|clergy|priests|parishioners
    |students|interns|agency|company|provider|vendor|supplier|contractor|hosting|webmasters
    |association|society|buro|buero|pfarrburo|pfarrbuero|sekretariat|pfarramt|gemeinde|ausschuss
    |gruppe|abteilung|verwaltung|redaktion|vorstand|ehrenamtliche|mitarbeiter|schule|kirche|edv
    |dienstleister|agentur|jugend|equipe|bureau|service|comite|conseil|groupe|benevoles|personnel
    |secretariats|paroisse|ecole|eglise|direction|accueil|informatique|agence|jeunes|prestataire
    |oficina|equipo|departamento|comision|consejo|grupo|voluntarios|personal|secretaria|parroquia
    |colegio|iglesia|direccion|informatica|agencia|jovenes|proveedor|ufficio|squadra|reparto
    |comitato|consiglio|gruppo|volontari|personale|segreteria|parrocchia|scuola|chiesa|direzione
    |informatico|agenzia|giovani|fornitore|escritorio|gabinete|comissao|conselho|pessoal|paroquia
    |escola|igreja|direcao|jovens|fornecedor|kantoor|afdeling|commissie|raad|groep|vrijwilligers
    |personeel|parochie|kerk|directie|bestuur|jongeren|leverancier|biuro|zespol|dzial|komitet|rada
    |grupa|wolontariusze|pracownicy|parafia|szkola|kosciol|kancelaria|dyrekcja|mlodziez|agencja
    |dostawca|redakcja
    """
)
"""Groups, offices and departments: of such words alone no name is made."""

JOBS = word_set(
    """
    secretary|principal|head|headteacher|headmaster|headmistress|director|president|vicepresident
    |vice|deputy|assistant|chair|chairman|chairwoman|chairperson|treasurer|sacristan|organist
    |priest|curate|pastor|parish priest|pp|deacon|catechist|teacher|coach|coordinator|officer
    |worker|leader|webmaster|designer|developer|photographer|intern|ceo|cto|cio|cfo|coo|web|owner
    |boss|receptionist|bookkeeper|accountant|caretaker|volunteer|librarian|supervisor|youth worker
    |consultant|freelancer|freelance|technician|lead|person|specialist|journalist|author|clerk
    |registrar|superintendent|agent|rep|representative|sekretar|sekretarin|leiter|leiterin
    |schulleiter|schulleiterin|rektor|rektorin|pfarrer|pfarrerin|kaplan|kuster|mesner|kantor|lehrer
    |lehrerin|praktikant|praktikantin|referent|referentin|vorsitzende|vorsitzender|stellvertreter
    |assistentin|koordinator|koordinatorin|secretaire|directeur|directrice|presidente|tresorier
    |tresoriere|adjoint|adjointe|cure|sacristain|organiste|professeur|responsable|coordinateur
    |coordinatrice|stagiaire|benevole|webmestre|secretario|directora|tesorero|tesorera|parroco
    |profesor|profesora|coordinador|coordinadora|becario|becaria|voluntario|voluntaria|segretario
    |segretaria|direttore|direttrice|preside|tesoriere|sagrestano|insegnante|coordinatore
    |tirocinante|volontario|volontaria|diretor|diretora|tesoureiro|sacristao|professor|professora
    |coordenador|coordenadora|estagiario|estagiaria|secretaresse|secretaris|voorzitter
    |penningmeester|koster|leraar|lerares|stagiair|vrijwilliger|pastoor|sekretarz|sekretarka
    |dyrektor|dyrektorka|prezes|skarbnik|proboszcz|wikary|koscielny|organista|nauczyciel
    |nauczycielka|koordynatorka|stazysta|wolontariusz|kierownik|current|acting|our|my|new|senior
    |junior|main|whoever|is|on|duty|the
    |now|currently|jetzt|maintenant|ahora|ora|agora|nu|teraz|pfarrsekretarin|pfarrsekretar|gemeindereferentin
    |gemeindereferent|pastoralreferent|pastoralreferentin|mesnerin|messner|schulsekretarin|medienbeauftragte
    """
)
"""What people do: it is said beside a name, and names nobody on its own."""

_ROLE_LISTS: Mapping[Role, frozenset[str]] = {
    "owner": word_set(
        """
        owner|full control|eigentumer|inhaber|inhaberin|besitzer|proprietaire|propietario
        |propietaria|dueno|duena|proprietario|proprietaria|titolare|dono|dona|eigenaar|wlasciciel
        |wlascicielka|titular|owners
        """
    ),
    "admin": word_set(
        """
        admin|admins|administrator|administrators|adm|superadmin|full access|vollzugriff
        |administratorin|administrateur|administratrice|administrador|administradora|amministratore
        |amministratrice|beheerder|administratorka|acces complet|acceso total|accesso completo
        |acesso total|volledige toegang|pelny dostep
        """
    ),
    "manager": word_set(
        """
        manager|managers|gestionnaire|gestor|gestora|gestore|verwalter|verwalterin|menedzer
        |page manager|manageress|menadzer
        """
    ),
    "editor": word_set(
        """
        editor|editors|redakteur|redakteurin|redacteur|redactrice|editeur|editrice|redactor
        |redactora|editora|redattore|redattrice|editore|redaktor|redaktorka|contributor|publisher
        |content creator|author|poster|moderator|can post|autor|auteur|autore|contributeur|creator
        |edytor|edycja|moderateur
        """
    ),
    "analyst": word_set(
        """
        analyst|viewer|read only|readonly|view only|insights|insights only|observer|analystin
        |analyste|analista|analist|analityk|leser|nur lesen|lecteur|lecture seule|lector
        |solo lectura|lettore|sola lettura|leitor|somente leitura|lezer|alleen lezen|czytelnik
        |tylko odczyt|can view
        """
    ),
}
ROLES: Mapping[str, Role] = {word: role for role, words in _ROLE_LISTS.items() for word in words}
"""Words for the roles of an account."""

ROLE_FILLERS = word_set(
    """
    page|account|main|primary|secondary|backup|second|first|super|co|only|facebook|insta|instagram
    |youtube|twitter|channel|site|website|role|full|chief|deputy|als|as|haupt|seite|principal
    |de la page|de|la|du|pagina|della|van|site web|strony|glowny
    """
)
"""What stands beside the word for a role and does not change it."""
