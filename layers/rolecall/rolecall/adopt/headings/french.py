"""Headings in French."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["FRENCH"]

FRENCH: Mapping[str, str] = {
    "platform": "plateforme|reseau|reseau social|media social|type de compte"
    "|type de reseau|canal|service utilise|reseaux sociaux|type de media|nom du reseau"
    "|plateforme sociale|media",
    "handle": "identifiant|nom d utilisateur|nom utilisateur|pseudo|pseudonyme"
    "|identifiant du compte|nom du compte utilisateur|arobase|identifiant utilisateur"
    "|pseudo du compte",
    "url": "lien|adresse web|adresse de la page|lien de la page|lien du compte"
    "|adresse internet|lien vers la page|lien vers le compte|url de la page|url du compte"
    "|adresse du compte|lien du profil|lien hypertexte|adresse url|lien internet"
    "|lien vers le profil|lien de la chaine|adresse du profil",
    "label": "nom de la page|nom du compte|compte|page|profil|titre de la page"
    "|intitule du compte|nom du profil|nom de la chaine|nom affiche|intitule de la page"
    "|libelle du compte|compte social",
    "name": "nom|noms|intitule|libelle|denomination",
    "address": "adresse|coordonnees",
    "kind": "type|categorie|genre",
    "status": "statut|etat|actif|en service|utilise|toujours actif|en usage|actif oui non"
    "|etat du compte|statut du compte|compte actif|situation|en activite|encore utilise",
    "language": "langue|langues|langue du contenu|langue du compte|langue de publication",
    "entity": "entite|paroisse|ecole|service|departement|organisation|organisme|unite"
    "|direction|bureau|etablissement|institution|association|commune|lycee|college|structure"
    "|nom de l organisme|nom de l ecole|nom de la paroisse|diocese ou paroisse"
    "|nom de l etablissement|service responsable|direction responsable|mouvement|ministere"
    "|agence|equipe|groupe|collectivite|rattachement|appartient a|antenne|communaute|mairie"
    "|site de rattachement|nom de la structure|nom du service|universite|faculte",
    "entity_below": "sous entite|sous direction|sous service|sous unite|sous organisation"
    "|section de l entite|subdivision",
    "entity_above": "entite superieure|entite parente|diocese|doyenne|region|rattache a"
    "|organisation mere|organisme de tutelle|entite mere|direction generale|tutelle|secteur"
    "|niveau superieur|academie|departement de rattachement|service de rattachement"
    "|fait partie de",
    "email_domain": "domaine de messagerie|domaine email|domaine de courriel",
    "administrator": "administrateur|administratrice|administrateurs|gestionnaire"
    "|gere par|gestionnaires|administre par|qui gere|qui gere la page"
    "|administrateur de la page|administrateurs de la page|acces|qui a acces"
    "|personnes ayant acces|ayant acces|qui publie|publie par|community manager|animateur"
    "|anime par|co administrateur|autres administrateurs|moderateur|moderateurs|webmestre"
    "|tenu par|alimente par|gestionnaire du compte|gestionnaire de la page"
    "|administrateur principal|utilisateurs ayant acces|gestion du compte|qui administre"
    "|personnes qui ont acces|administrateur suppleant",
    "administrator:owner": "proprietaire de la page|role proprietaire|super administrateur",
    "administrator:editor": "editeur|editrice|redacteur|redactrice|redacteurs"
    "|contributeur|contributeurs|editeurs|auteurs|auteur",
    "administrator:analyst": "analyste|analystes|lecteur seul|lecteurs",
    "holder": "qui a le mot de passe|qui connait le mot de passe"
    "|detenteur du mot de passe|mot de passe connu de|detenteurs du mot de passe"
    "|qui possede le mot de passe|mot de passe detenu par|connait le mot de passe"
    "|personnes connaissant le mot de passe|titulaire du mot de passe|qui a les identifiants"
    "|qui a les codes|mot de passe chez|qui detient le mot de passe"
    "|connaissent le mot de passe|qui a les acces|qui sait le mot de passe",
    "owner": "responsable|personne responsable|proprietaire|proprietaire du compte"
    "|responsable du compte|titulaire|referent|titulaire du compte|referent du compte"
    "|responsable de la page|personne referente|pilote|en charge|personne en charge"
    "|nom du responsable|charge du compte|qui est responsable|responsable editorial"
    "|directeur de publication",
    "head": "directeur|directrice|cure|chef d etablissement|chef de service|proviseur"
    "|principal|responsable de l entite|president|presidente|recteur|doyen|chef"
    "|cure de la paroisse|directeur de l ecole|dirigeant|pasteur|responsable de la structure"
    "|superieur de l etablissement|nom du directeur|chef d equipe|maire|directeur general"
    "|responsable de service|dirigeante",
    "contact": "contact|personne de contact|interlocuteur|personne a contacter|contacts"
    "|contact technique|contact presse|correspondant|point de contact|contact principal"
    "|nom du contact|contact securite|contact d urgence|personne contact",
    "contact_email": "email de contact|courriel de contact|email du secretariat"
    "|courriel general|adresse de contact|email general|email contact|email de l ecole"
    "|email de la paroisse|courriel du secretariat|boite generique|boite partagee"
    "|adresse email de contact|email du service|courriel de l etablissement"
    "|email de l etablissement|secretariat|email du bureau",
    "approver": "approuve par|valide par|autorise par|approbateur|validation par"
    "|accord de|qui a valide",
    "login_email": "email de connexion|courriel de connexion|email utilise"
    "|email du compte|courriel du compte|adresse de connexion|courriel utilise|email associe"
    "|email d inscription|email enregistre|identifiant de connexion|adresse email utilisee"
    "|connexion|login|adresse email du compte|courriel associe|email de recuperation"
    "|adresse de messagerie du compte|email lie|adresse email associee|mail utilise"
    "|courriel d inscription|email rattache",
    "mfa": "double authentification|authentification a deux facteurs|deux facteurs"
    "|second facteur|a2f|validation en deux etapes|double facteur|2fa activee"
    "|authentification forte|authentification multifacteur|2fa active"
    "|double authentification activee|deuxieme facteur|authentification double facteur"
    "|verification en deux etapes|2fa activee oui non",
    "storage": "mot de passe conserve|ou est le mot de passe|stockage du mot de passe"
    "|lieu du mot de passe|mot de passe stocke|conservation du mot de passe"
    "|ou est conserve le mot de passe|gestionnaire de mots de passe"
    "|emplacement du mot de passe|lieu de stockage|mot de passe range"
    "|ou est stocke le mot de passe|mot de passe garde|lieu de conservation"
    "|ou se trouve le mot de passe",
    "rotated_on": "mot de passe change|dernier changement de mot de passe"
    "|mot de passe modifie|mot de passe change le|changement du mot de passe"
    "|mot de passe modifie le|derniere modification du mot de passe"
    "|date de changement du mot de passe|mot de passe mis a jour|mot de passe renouvele"
    "|date du mot de passe",
    "last_post_on": "derniere publication|dernier post|derniere activite"
    "|date de derniere publication|dernier message|dernier article publie"
    "|derniere mise en ligne|publie pour la derniere fois|date du dernier post"
    "|dernier contenu",
    "reviewed_on": "verifie|verifie le|derniere verification|date de verification"
    "|controle le|dernier controle|revu le|derniere revue|date de controle|mis a jour le"
    "|derniere mise a jour|date de mise a jour|revise le|mise a jour",
    "removal_path": "qui peut retirer les administrateurs|retrait par",
    "removal_tested_on": "retrait teste|retrait teste le",
    "privacy_record_ref": "registre des traitements|registre rgpd|reference du traitement"
    "|fiche de traitement",
    "lawful_basis": "base legale|fondement juridique|base juridique",
    "privacy_notice_url": "mentions d information|politique de confidentialite"
    "|notice de confidentialite|lien politique de confidentialite",
    "record_class": "duree de conservation|classe d archives|tableau de gestion",
    "archive": "archive|archivage|publications archivees",
    "connected_apps": "applications connectees|applications tierces|outils connectes"
    "|applications liees|outils de publication",
    "number": "matricule|numero d employe|numero|n|no employe|numero de salarie"
    "|identifiant rh|n matricule|numero du personnel|id employe",
    "first_name": "prenom|prenoms",
    "last_name": "nom de famille|patronyme|nom d usage",
    "full_name": "nom complet|nom et prenom|nom prenom|prenom nom|prenom et nom|salarie"
    "|employe|personne|collaborateur|agent|membre|benevole|nom du salarie|nom de l employe"
    "|noms et prenoms|nom de l agent",
    "email": "courriel|adresse email|adresse courriel|email professionnel"
    "|adresse electronique|courrier electronique|adresse de messagerie|email pro"
    "|courriel professionnel|messagerie|adresse mail",
    "alias": "autre email|email personnel|courriel personnel|autres emails"
    "|email secondaire|autre courriel|adresse personnelle email",
    "left_on": "date de depart|depart|date de sortie|parti le|fin de contrat salarie"
    "|sorti le|dernier jour|date de fin|fin de fonction|quitte le|sortie"
    "|date de fin de fonction|fin de mission",
    "started_on": "date d entree|date d embauche|embauche le|arrivee|entree|date de debut"
    "|prise de fonction|debut|date d arrivee|en poste depuis|entre le|recrute le",
    "department": "centre de cout|unite organisationnelle",
    "job": "fonction|poste|metier|emploi|role|intitule du poste|titre|profession|qualite"
    "|fonctions|mission",
    "type": "type de contrat salarie|type d emploi|type de personnel|benevole ou salarie"
    "|type de salarie|categorie de personnel|salarie ou benevole|nature du contrat",
    "supervisor": "superieur|superieur hierarchique|manager|n+1|encadrant|rend compte a"
    "|responsable hierarchique|hierarchique",
    "clearance_level": "niveau d habilitation|habilitation|casier judiciaire niveau",
    "clearance_expires": "habilitation valable jusqu au|fin d habilitation|habilitation expire le",
    "trained_on": "forme le|formation|date de formation|derniere formation|formation suivie le",
    "policy_version": "version de la charte|version de la politique",
    "policy_acknowledged_on": "charte signee|charte signee le|politique acceptee"
    "|date de signature de la charte",
    "contract_ref": "contrat|numero de contrat|reference du contrat|n de contrat",
    "dpa_ref": "accord de sous traitance|reference dpa|contrat de sous traitance"
    "|accord de traitement des donnees",
    "contract_ends": "fin du contrat|fin de contrat|contrat jusqu au|echeance du contrat",
    "notes": "remarque|remarques|commentaire|commentaires|observation|observations|note"
    "|notes|description|objet|precisions|divers|informations|usage|autres informations"
    "|public vise|details|infos",
    "nothing": "ville|code postal|telephone|rue|pays|date de creation|cree le|tel"
    "|portable|fax|adresse postale|date de naissance|province|sexe|localite"
    "|numero de telephone|creation|date d ouverture|ouvert le|effectif|verifie badge|salaire"
    "|priorite|certifie|date d ajout|ajoute le|nombre d eleves",
}
"""Headings by field."""
