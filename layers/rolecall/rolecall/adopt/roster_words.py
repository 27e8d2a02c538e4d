"""The words that systems and people have for whether somebody serves, and in which capacity.

All are folded as :func:`rolecall.adopt.name_keys.word_key` folds them. A word that does not say
surely whether somebody serves is none of them: leave of any kind is asked about.
"""

from __future__ import annotations

from collections.abc import Mapping

from rolecall.adopt.word_sets import word_set
from rolecall.vocabulary import PersonStatus, PersonType

__all__ = ["AWAY", "NEGATED", "STATUSES", "TYPES"]

_STATUS_LISTS: Mapping[PersonStatus, frozenset[str]] = {
    "active": word_set(
        """
        active|current|employed|enabled|working|in post|in service|serving|on staff|ok|live
        |permanent|present|full time|part time|fulltime|parttime|regular|confirmed|probation
        |on probation|new|joined|member|staff|provisioned|staged|recovery|password expired
        |password reset|locked out|locked|pending user action|pending activation|invited|accepted
        |registered|licensed|unlicensed|activated|never logged in|never signed in|aktiv|aktiviert
        |beschaftigt|angestellt|im dienst|tatig|vollzeit|teilzeit|probezeit|freigeschaltet|actif
        |en poste|en activite|en fonction|employe|employee|presente|temps plein|temps partiel
        |titulaire|activo|activa|en activo|en servicio|vigente|alta|de alta|empleado|empleada
        |contratado|attivo|attiva|in servizio|in carica|in forza|assunto|assunta|abilitato
        |abilitata|ativo|ativa|em funcoes|em servico|efetivo|efetiva|empregado|empregada|contratada
        |ao servico|actief|in dienst|werkzaam|in functie|ingeschakeld|aktywny|aktywna|zatrudniony
        |zatrudniona|pracuje|czynny|czynna|w sluzbie|obecny|obecna
        """
    ),
    "suspended": word_set(
        """
        suspended|suspended user|blocked|disabled|deactivated|frozen|on hold|barred|revoked access
        |administrative leave|temporarily suspended|sign in blocked|account disabled|suspendiert
        |gesperrt|freigestellt|beurlaubt vom dienst|deaktiviert|ruhend|suspendu|suspendue|bloque
        |bloquee|desactive|desactivee|mis a pied|mise a pied|suspendido|suspendida|bloqueado
        |bloqueada|desactivado|desactivada|deshabilitado|deshabilitada|sospeso|sospesa|bloccato
        |bloccata|disattivato|disattivata|disabilitato|disabilitata|suspenso|suspensa|desativado
        |desativada|inativado|geschorst|geblokkeerd|uitgeschakeld|gedeactiveerd|op non actief
        |zawieszony|zawieszona|zablokowany|zablokowana|wylaczony|wylaczona
        """
    ),
    "left": word_set(
        """
        left|leaver|former|ex|gone|resigned|retired|terminated|dismissed|deceased|died|dead
        |departed|ended|inactive|not active|no longer active|no longer employed|no longer here
        |archived|deleted|deprovisioned|removed|offboarded|separated|released|redundant|laid off
        |transferred out|moved away|moved|end of contract|contract ended|expired|cancelled
        |withdrawn|former employee|ex employee|alumni|emeritus|rip|left service|out|left the parish
        |has left|discharged|ausgeschieden|ausgetreten|ehemalig|ehemalige|ehemaliger|gekundigt
        |gekuendigt|pensioniert|im ruhestand|ruhestand|rentner|rentnerin|in rente|verrentet
        |verstorben|inaktiv|nicht mehr aktiv|nicht aktiv|weggezogen|entlassen|geloscht|geloescht
        |archiviert|vertrag beendet|abgang|parti|partie|ancien|ancienne|demissionnaire|demissionne
        |retraite|retraitee|a la retraite|decede|decedee|licencie|licenciee|inactif|sorti|sortie
        |radie|radiee|supprime|archive|fin de contrat|quitte|a quitte|en retraite|baja
        |de baja definitiva|dado de baja|dada de baja|cesado|cesada|jubilado|jubilada|fallecido
        |fallecida|despedido|despedida|inactivo|inactiva|antiguo|antigua|exempleado|exempleada
        |ex empleado|retirado|retirada|renuncio|dimitido|dimitida|eliminado|archivado
        |fin de contrato|se fue|cessato|cessata|dimesso|dimessa|dimissionario|dimissionaria
        |pensionato|pensionata|in pensione|deceduto|deceduta|defunto|defunta|licenziato|licenziata
        |inattivo|inattiva|non attivo|non attiva|uscito|uscita|eliminato|archiviato
        |non piu in servizio|ex dipendente|trasferito|trasferita|saiu|demitido|demitida|aposentado
        |aposentada|reformado|reformada|falecido|falecida|inativo|inativa|desligado|desligada
        |antigo|antiga|ex funcionario|ex funcionaria|exonerado|exonerada|rescindido|cessou funcoes
        |arquivado|encerrado|uit dienst|vertrokken|ontslagen|ontslag|gepensioneerd|met pensioen
        |overleden|inactief|niet actief|voormalig|oud medewerker|opgezegd|verwijderd|gearchiveerd
        |uitgeschreven|verhuisd|odszedl|odeszla|zwolniony|zwolniona|na emeryturze|emeryt|emerytka
        |zmarly|zmarla|nieaktywny|nieaktywna|byly pracownik|byla pracownica|byly|byla
        |niezatrudniony|niezatrudniona|usuniety|usunieta|wypowiedzenie zlozone i zakonczone
        |rozwiazana umowa|zakonczony|zakonczona|nie pracuje
        """
    ),
}
STATUSES: Mapping[str, PersonStatus] = {
    word: status for status, words in _STATUS_LISTS.items() for word in words
}
"""Words for a status that say surely whether somebody serves."""

AWAY = word_set(
    """
    on leave|leave|maternity leave|paternity leave|parental leave|maternity|adoption leave
    |sick leave|sick|long term sick|medical leave|sabbatical|study leave|career break|unpaid leave
    |secondment|seconded|leave of absence|loa|furlough|furloughed|annual leave|holiday|carers leave
    |mission leave|garden leave|gardening leave|notice|on notice|working notice|away|absent
    |military leave|elternzeit|mutterschutz|beurlaubt|krank|langzeitkrank|krankgeschrieben
    |sabbatjahr|urlaub|in elternzeit|im mutterschutz|sonderurlaub|abwesend|gekundigt zum|abgeordnet
    |conge|en conge|conge maternite|conge de maternite|conge parental|conge paternite|conge maladie
    |arret maladie|en arret|annee sabbatique|conge sabbatique|disponibilite|en disponibilite
    |absente|detache|detachee|preavis|conge sans solde|permiso|de permiso|baja maternal
    |baja por maternidad|baja medica|baja por enfermedad|de baja|licencia|de licencia
    |licencia de maternidad|excedencia|ano sabatico|ausente|permiso parental|maternita|congedo
    |in congedo|congedo di maternita|congedo parentale|malattia|in malattia|aspettativa
    |in aspettativa|anno sabbatico|assente|distacco|in permesso|permesso|licenca|de licenca
    |licenca maternidade|licenca de maternidade|licenca parental|baixa medica|de baixa
    |licenca medica|licenca sem vencimento|afastado|afastada|sabatica|ferias|verlof|met verlof
    |zwangerschapsverlof|ouderschapsverlof|ziek|langdurig ziek|ziekteverlof|sabbatsverlof|afwezig
    |gedetacheerd|bevallingsverlof|onbetaald verlof|urlop|na urlopie|urlop macierzynski
    |urlop wychowawczy|urlop rodzicielski|zwolnienie lekarskie|na zwolnieniu|chory|chora
    |urlop bezplatny|urlop naukowy|oddelegowany|oddelegowana
    """
)
"""Words for being away: whoever is on leave is on the staff, and may or may not have access."""

NEGATED = word_set(
    """
    suspended|archived|disabled|blocked|deleted|inactive|left|deactivated|terminated|retired|locked
    |account disabled|sign in blocked|block credential|gesperrt|deaktiviert|ausgeschieden|inaktiv
    |archiviert|suspendu|bloque|desactive|parti|archive|suspendido|bloqueado|desactivado|archivado
    |sospeso|bloccato|disattivato|archiviato|suspenso|desativado|arquivado|geschorst|geblokkeerd
    |uitgeschakeld|vertrokken|zawieszony|zablokowany|nieaktywny|former|leaver|departed|is suspended
    |is archived|is disabled|is deleted
    """
)
"""Headings whose yes says that somebody does not serve."""

_TYPE_LISTS: Mapping[PersonType, frozenset[str]] = {
    "clergy": word_set(
        """
        clergy|priest|deacon|bishop|religious|cleric|minister|pastor|vicar|sister|brother
        |parish priest|klerus|priester|diakon|geistlicher|ordensfrau|ordensmann|pfarrer|pfarrerin
        |clerge|pretre|diacre|religieux|religieuse|clero|sacerdote|diacono|religioso|religiosa
        |presbitero|padre|geestelijke|diaken|pastoor|duchowny|ksiadz|kaplan|siostra zakonna
        |osoba duchowna
        """
    ),
    "employee": word_set(
        """
        employee|staff|paid|paid staff|permanent|full time|part time|fulltime|parttime|regular
        |employed|salaried|lay staff|lay employee|teacher|internal|temporary employee|fixed term
        |regular employee|angestellte|angestellter|angestellt|mitarbeiter|mitarbeiterin
        |beschaftigte|hauptamtlich|fest|festangestellt|vollzeit|teilzeit|intern|employe|salarie
        |salariee|cdi|cdd|temps plein|temps partiel|interne|empleado|empleada|personal|plantilla
        |fijo|fija|jornada completa|tiempo completo|asalariado|dipendente|impiegato|impiegata
        |tempo indeterminato|tempo determinato|interno|funcionario|funcionaria|empregado|empregada
        |efetivo|efetiva|colaborador|colaboradora|werknemer|medewerker|vast|in loondienst|betaald
        |pracownik|etat|umowa o prace|zatrudniony
        """
    ),
    "contractor": word_set(
        """
        contractor|contract|freelance|freelancer|consultant|temp|agency worker|external
        |self employed|contingent worker|contingent|vendor|supplier|1099|guest|freie mitarbeiterin
        |freier mitarbeiter|externer|externe|extern|honorarkraft|dienstleister|selbststandig
        |prestataire|independant|independante|autoentrepreneur|contratista|autonomo|autonoma
        |externo|externa|consultor|consultora|proveedor|consulente|collaboratore esterno|esterno
        |esterna|libero professionista|partita iva|prestador|prestadora|prestador de servicos
        |recibos verdes|terceirizado|terceirizada|zzp|zzper|inhuur|ingehuurd|zelfstandige
        |opdrachtnemer|kontrahent|zleceniobiorca|umowa zlecenie|umowa o dzielo|b2b|samozatrudniony
        |zewnetrzny
        """
    ),
    "volunteer": word_set(
        """
        volunteer|unpaid|voluntary|volunteers|lay volunteer|ehrenamt|ehrenamtlich|ehrenamtliche
        |ehrenamtlicher|freiwillig|freiwillige|freiwilliger|fsj|bfd|benevole|volontaire|voluntario
        |voluntaria|volontario|volontaria|vrijwilliger|vrijwilligster|wolontariusz|wolontariuszka
        |onbetaald
        """
    ),
    "student": word_set(
        """
        student|intern|pupil|trainee|apprentice|work experience|placement|seminarian|schuler
        |schulerin|studentin|praktikant|praktikantin|azubi|auszubildende|auszubildender|werkstudent
        |seminarist|etudiant|etudiante|stagiaire|apprenti|apprentie|alternant|alternante
        |seminariste|eleve|estudiante|alumno|alumna|becario|becaria|practicante|aprendiz
        |seminarista|studente|studentessa|stagista|tirocinante|apprendista|estudante|aluno|aluna
        |estagiario|estagiaria|stagiair|leerling|uczen|uczennica|studentka|praktykant|praktykantka
        |stazysta|stazystka|kleryk
        """
    ),
    "agency": word_set(
        "agency|agentur|agence|agencia|agenzia|bureau|agencja|firm|company|service provider|firma"
    ),
    "partner": word_set(
        "partner|partenaire|socio|socia|parceiro|parceira|partnerin|partner external"
    ),
}
TYPES: Mapping[str, PersonType] = {
    word: type_ for type_, words in _TYPE_LISTS.items() for word in words
}
"""Words for the capacity in which somebody serves."""
