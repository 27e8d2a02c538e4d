"""Headings in Italian."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ITALIAN"]

ITALIAN: Mapping[str, str] = {
    "platform": "piattaforma|social network|rete sociale|social|canale|tipo di account"
    "|rete|tipo di canale|tipo di social|piattaforma social|canale social|mezzo",
    "handle": "nome utente|utente|username account|identificativo|nickname"
    "|nome account utente|chiocciola|identificativo account",
    "url": "collegamento|indirizzo web|indirizzo della pagina|link della pagina"
    "|indirizzo internet|link alla pagina|url della pagina|link al profilo|link del profilo"
    "|indirizzo del profilo|collegamento alla pagina|link account|url account|indirizzo url"
    "|link del canale|collegamento web|indirizzo del sito",
    "label": "nome della pagina|nome pagina|nome account|pagina|profilo|nome del profilo"
    "|nome profilo|titolo della pagina|nome del canale|nome dell account"
    "|denominazione account|nome visualizzato|nome canale",
    "name": "nome|nomi|denominazione|nominativo",
    "address": "indirizzo|recapiti",
    "kind": "tipo|categoria|tipologia",
    "status": "stato|attivo|attiva|in uso|situazione|ancora attivo|stato account"
    "|attivo si no|utilizzato|stato dell account|in servizio|stato del profilo",
    "language": "lingua|lingue|lingua dei contenuti|lingua del profilo",
    "entity": "ente|parrocchia|scuola|ufficio|dipartimento|organizzazione|unita|istituto"
    "|istituzione|servizio|comune|settore|struttura|nome della scuola|nome della parrocchia"
    "|nome ente|area|gruppo|associazione|ministero|appartiene a|comunita|ufficio responsabile"
    "|plesso|sede|unita organizzativa|denominazione ente|nome della struttura|movimento"
    "|facolta|squadra|reparto|denominazione scuola|agenzia",
    "entity_below": "sottounita|sottosettore|suborganizzazione|sotto unita|sottoufficio"
    "|articolazione",
    "entity_above": "ente superiore|diocesi|vicariato|unita superiore"
    "|organizzazione madre|regione|decanato|ente di appartenenza superiore|direzione generale"
    "|fa parte di|livello superiore|dipende da|forania|provincia ecclesiastica|zona pastorale",
    "email_domain": "dominio email|dominio di posta",
    "administrator": "amministratore|amministratori|amministratrice|gestore|gestori"
    "|gestito da|amministrato da|chi gestisce|chi amministra|amministratore della pagina"
    "|amministratori della pagina|accesso|chi ha accesso|persone con accesso|hanno accesso"
    "|chi pubblica|pubblicato da|curato da|moderatore|moderatori|altri amministratori"
    "|gestore account|gestione|a cura di|seguito da|community manager"
    "|amministratore principale|gestore della pagina|aggiornato da|utenti con accesso"
    "|chi lo gestisce|vice amministratore",
    "administrator:owner": "proprietario della pagina|ruolo proprietario|super amministratore",
    "administrator:editor": "redattore|redattori|redattrice|collaboratore|collaboratori"
    "|autore|autori|editore della pagina",
    "administrator:analyst": "analista|analisti|sola lettura",
    "holder": "chi ha la password|chi conosce la password|chi sa la password"
    "|password in possesso di|detentore della password|conosce la password|password nota a"
    "|hanno la password|conoscono la password|persone con la password|custode della password"
    "|password conosciuta da|detentori della password|chi possiede la password"
    "|sanno la password|chi ha le credenziali|chi custodisce la password",
    "owner": "responsabile|persona responsabile|proprietario|titolare|referente"
    "|responsabile account|titolare dell account|referente dell account|incaricato"
    "|responsabile del profilo|responsabile della pagina|chi e responsabile"
    "|nome del responsabile|proprietario dell account|intestatario",
    "head": "direttore|direttrice|parroco|dirigente|preside|dirigente scolastico|rettore"
    "|capo ufficio|presidente|responsabile dell ente|capo|vicario|responsabile dell ufficio"
    "|direttore dell ufficio|sindaco|pastore|decano|coordinatore|nome del preside"
    "|nome del parroco|capo settore|direttore generale|caporeparto",
    "contact": "contatto|persona di contatto|contatti|contatto tecnico|contatto stampa"
    "|persona da contattare|contatto principale|nome contatto|punto di contatto"
    "|contatto di sicurezza|contatto di emergenza|interlocutore",
    "contact_email": "email di contatto|email della segreteria|email dell ufficio"
    "|email generale|email segreteria|email della scuola|email della parrocchia"
    "|email contatto|posta elettronica dell ente|casella condivisa|email istituzionale"
    "|casella istituzionale|email ufficio|email dell ente|pec|casella di posta condivisa",
    "approver": "approvato da|autorizzato da|approvazione di|validato da|chi ha approvato",
    "login_email": "email di accesso|email account|email usata|email registrata"
    "|email associata|email utilizzata|accesso email|email di registrazione"
    "|email dell account|login|email collegata|indirizzo di accesso|indirizzo email usato"
    "|email per il login|email di login|registrato con|email di recupero"
    "|indirizzo email associato|email per accesso|email per accedere",
    "mfa": "autenticazione a due fattori|due fattori|secondo fattore"
    "|verifica in due passaggi|doppio fattore|2fa attiva|doppia autenticazione"
    "|autenticazione multifattore|2fa attivo|verifica a due passaggi"
    "|autenticazione due fattori|2fa attivata|autenticazione forte",
    "storage": "dove e la password|password conservata|password salvata"
    "|conservazione password|luogo della password|dove e conservata la password"
    "|gestore di password|password custodita|dove si trova la password|dov e la password"
    "|dov e conservata la password"
    "|dove e salvata la password|archiviazione password|luogo di conservazione"
    "|password conservata in|dove si conserva",
    "rotated_on": "cambio password|password cambiata|ultimo cambio password"
    "|password modificata|password cambiata il|data cambio password|password aggiornata"
    "|ultima modifica password|password modificata il|data modifica password"
    "|password rinnovata",
    "last_post_on": "ultimo post|ultima pubblicazione|ultima attivita|data ultimo post"
    "|ultimo aggiornamento della pagina|ultimo contenuto|data ultima pubblicazione"
    "|ultimo messaggio|ultimo intervento",
    "reviewed_on": "verificato|verificato il|ultima verifica|data verifica|controllato il"
    "|ultimo controllo|data di controllo|revisionato il|aggiornato il|ultimo aggiornamento"
    "|ultima revisione|data aggiornamento|data di verifica|controllato",
    "removal_path": "chi puo rimuovere gli amministratori|rimozione da parte di",
    "removal_tested_on": "rimozione provata|prova di rimozione",
    "privacy_record_ref": "registro dei trattamenti|registro trattamenti|rif registro trattamenti",
    "lawful_basis": "base giuridica|fondamento giuridico",
    "privacy_notice_url": "informativa privacy|informativa sulla privacy|link informativa"
    "|link informativa privacy",
    "record_class": "tempi di conservazione|classe di conservazione|massimario",
    "archive": "archiviato|archiviazione|post archiviati|archiviata",
    "connected_apps": "applicazioni collegate|app collegate|applicazioni connesse"
    "|strumenti collegati",
    "number": "matricola|numero dipendente|numero|codice dipendente|id dipendente"
    "|numero di matricola|n matricola",
    "first_name": "nome di battesimo|nome proprio",
    "last_name": "cognome|cognomi",
    "full_name": "nome e cognome|cognome e nome|nome completo|dipendente|persona"
    "|nome cognome|cognome nome|membro|volontario|nome del dipendente|nome della persona"
    "|lavoratore",
    "email": "posta elettronica|indirizzo email|indirizzo di posta|email aziendale"
    "|indirizzo di posta elettronica|email di lavoro|indirizzo posta elettronica"
    "|email dipendente",
    "alias": "altra email|email personale|email alternativa|altre email|email secondaria"
    "|email privata",
    "left_on": "data di uscita|uscita|cessazione|data cessazione|data di cessazione"
    "|ultimo giorno|data fine|uscito il|fine rapporto|data fine rapporto|dimesso il"
    "|data dimissioni",
    "started_on": "data di assunzione|assunzione|data inizio|inizio|ingresso"
    "|data di ingresso|assunto il|in servizio dal|data di inizio|entrata",
    "department": "centro di costo|unita di appartenenza",
    "job": "mansione|ruolo|funzione|qualifica|posizione|incarico|profilo professionale"
    "|professione|titolo|occupazione",
    "type": "tipo di contratto|tipo di dipendente|tipo di rapporto"
    "|volontario o dipendente|tipologia contratto|tipo personale|tipologia di personale"
    "|rapporto di lavoro",
    "supervisor": "superiore|superiore diretto|capo diretto|riferisce a"
    "|responsabile diretto|supervisore",
    "clearance_level": "livello di autorizzazione|nulla osta|certificato penale",
    "clearance_expires": "autorizzazione valida fino|scadenza autorizzazione|nulla osta scadenza",
    "trained_on": "formazione|data formazione|formato il|ultima formazione|data del corso"
    "|corso svolto il",
    "policy_version": "versione della policy|versione del regolamento",
    "policy_acknowledged_on": "regolamento firmato|policy firmata|regolamento accettato"
    "|data firma regolamento",
    "contract_ref": "contratto|numero contratto|riferimento contratto",
    "dpa_ref": "accordo sul trattamento|nomina responsabile del trattamento|nomina a responsabile",
    "contract_ends": "fine contratto|scadenza contratto|contratto fino al",
    "notes": "nota|note|osservazioni|commento|commenti|descrizione|annotazioni"
    "|informazioni|uso|scopo|altro|dettagli|finalita|pubblico|altre informazioni",
    "nothing": "citta|cap|telefono|via|paese|data di creazione|creato il|cellulare"
    "|provincia|fax|indirizzo postale|data di nascita|sesso|numero di telefono|localita"
    "|stipendio|data apertura|verificato spunta|priorita|aperto il|numero alunni",
}
"""Headings by field."""
