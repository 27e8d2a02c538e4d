"""What organisations call a secret, and what they say about one, in the languages that they write.

The words are in lower case, without accents, with one blank for whatever stands between two words.
A word or phrase is the beginning of one ("recovery code" is in "Recovery codes (old)"); with a full
stop it is the whole of one ("pin." is in "Card PIN", and not in "Pinterest").
"""

from __future__ import annotations

__all__ = ["ABOUT", "PHRASES", "STEMS", "WHOLE"]


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a list, each as it is looked for in a name with a blank at both ends."""
    return tuple(f" {word.strip()}".replace(".", " ") for word in text.split(";"))


STEMS = tuple(
    word.strip()
    for word in _words(
        """
        password; passwd; passphrase; passcode; apikey; secretkey; privatekey; recoverycode;
        backupcode; pincode; passwort; kennwort; losungswort; zugangscode; zugangsdaten;
        sicherheitscode; sicherungscode; wiederherstellungscode; notfallcode; geheimzahl;
        geheimfrage; motdepasse; contrasen; palavrapasse; haslo; wachtwoord; wachtzin;
        herstelcode; toegangscode; inloggegevens; inlogcode; passord; losenord; adgangskode;
        salasana; парол; 密码; 密碼; パスワード; 비밀번호; κωδικ
        """
    )
)
"""Parts of words that mean a secret wherever they stand: "Facebook-Kennwort", "userPassword"."""

WHOLE = frozenset(
    """
    clave|pass|claves|passes|p w|otp|seed|seeds|mnemonic|creds|credentials|credenciales
    credenciais|poswiadczenia|logon|login details|tan|tans
    """.strip()
    .replace("\n    ", "|")
    .split("|")
)
"""Words that mean a secret where nothing else is said."""

PHRASES = {
    "English": _words(
        """
        pwd.; pwds.; pw.; pws.; psw.; pswd.; pin.; pins.; secret.; secrets.; totp.; cvv;
        cvc.; token.; tokens.; pass word; pass phrase; pass code; login pass.; user pass.;
        username pass.; email pass.; mail pass.; id pass.; account pass.; admin pass.;
        wifi pass.; wi fi pass.; fb pass.; app pass.; old pass.; new pass.; current pass.;
        master pass.; recovery code; recovery key; recovery phrase; recovery word;
        backup code; back up code; backup key; emergency code; rescue code; scratch code;
        access code; access key; security code; unlock code; 2fa code; 2fa key; 2fa secret;
        2fa seed; mfa code; mfa secret; mfa seed; otp secret; otp seed; otp key;
        authenticator key; authenticator code; verification code; one time code;
        single use code; seed phrase; totp seed; secret key; secret word; secret code;
        secret answer; secret question; security answer; security question; security word;
        safe word; api key; private key; ssh key; encryption key; signing key;
        login credential; access credential; door code; alarm code; psswd.; passw.; passkey.;
        2fa backup; 2fa recovery; backup 2fa; mfa backup; mfa recovery; authenticator seed;
        authenticator secret; mother s maiden name; mothers maiden name; security q a;
        sign in code; login code; logon code; logon details; wifi key;
        wi fi key; wlan key
        """
    ),
    "German": _words(
        """
        pass wort; kenn wort; zugangs code; zugangs daten; sicherheits code;
        wiederherstellungs code; wiederherstellungsschlussel; backup codes; einmalcode;
        geheimnis; geheimcode; geheimer code; geheime frage; geheime antwort;
        sicherheitsfrage; sicherheitsantwort; privater schlussel; anmeldedaten; login daten;
        logindaten; personliche identifikationsnummer; codewort; code wort; geheimwort;
        zwei faktor schlussel; zwei faktor code; 2fa schlussel; mfa schlussel; wlan schlussel;
        tan liste; tan listen
        """
    ),
    "French": _words(
        """
        mot de passe; mots de passe; mot passe; mdp.; mdps.; code secret; codes secrets;
        code pin; codes pin; code d acces; codes d acces; code de secours; codes de secours;
        code de recuperation; codes de recuperation; code de securite; codes de securite;
        code de sauvegarde; codes de sauvegarde; code de verification; code d urgence;
        codes d urgence; phrase secrete; phrase de passe; cle privee; cle secrete; cle api;
        cle d api; cle de recuperation; cle de secours; question secrete; reponse secrete;
        question de securite; donnees de connexion; jeton.; code confidentiel;
        codes confidentiels; codes de verification; identifiants de connexion; cle wifi;
        cle wi fi; codes de connexion; code de connexion
        """
    ),
    "Spanish": _words(
        """
        clave de acceso; clave acceso; clave secreta; clave privada; clave api; clave de api;
        clave de seguridad; clave de recuperacion; clave wifi; clave de usuario;
        clave de correo; clave de cuenta; clave de facebook; usuario y clave; usuario clave;
        cuenta clave; correo clave; codigo de recuperacion; codigos de recuperacion;
        codigo de respaldo; codigos de respaldo; codigo de seguridad; codigos de seguridad;
        codigo secreto; codigo de acceso; codigos de acceso; codigo de verificacion;
        codigo pin; palabra secreta; palabra de paso; pregunta secreta; respuesta secreta;
        pregunta de seguridad; frase secreta; datos de acceso; claves de acceso;
        claves de usuario; claves de correo; claves de facebook; clave fb.; clave instagram;
        clave twitter; clave youtube; clave facebook; clave correo; clave email;
        codigos de verificacion; credenciales de acceso
        """
    ),
    "Italian": _words(
        """
        parola d ordine; parola segreta; codice segreto; codici segreti; codice pin;
        codice di recupero; codici di recupero; codice di backup; codici di backup;
        codice di sicurezza; codici di sicurezza; codice di accesso; codici di accesso;
        codice di ripristino; codice di emergenza; codici di emergenza; chiave segreta;
        chiave privata; chiave api; chiave di accesso; domanda segreta; domanda di sicurezza;
        risposta segreta; credenziali; frase segreta; parola d accesso; parola di accesso;
        parole d accesso; chiave d accesso; chiavi d accesso; chiavi di accesso;
        codice d accesso; codici d accesso; dati di accesso; dati d accesso
        """
    ),
    "Portuguese": _words(
        """
        senha.; senhas.; palavra passe; palavras passe; codigo de recuperacao;
        codigos de recuperacao; codigo de seguranca; codigos de seguranca; codigo de backup;
        codigos de backup; codigo de acesso; codigos de acesso; codigo de reserva;
        codigo secreto; chave secreta; chave privada; chave api; chave de acesso;
        pergunta secreta; resposta secreta; pergunta de seguranca; frase secreta;
        dados de acesso; codigos de verificacao; credenciais de acesso; chaves de acesso
        """
    ),
    "Dutch": _words(
        """
        wacht woord; herstel code; toegangs code; beveiligingscode; beveiligings code;
        back upcode; back up code; reservecode; noodcode; geheime code; geheime vraag;
        geheim woord; geheime sleutel; geheim antwoord; privesleutel; beveiligingsvraag;
        inlog gegevens; pin code; ww.
        """
    ),
    "Polish": _words(
        """
        hasla.; hasel.; kod odzyskiwania; kody odzyskiwania; kod zapasowy; kody zapasowe;
        kod dostepu;
        kody dostepu; kod bezpieczenstwa; kody awaryjne; kod pin; tajny kod; tajne haslo;
        klucz prywatny; klucz api; tajny klucz; pytanie pomocnicze; dane logowania;
        fraza odzyskiwania; klucz zapasowy; klucze zapasowe; klucz odzyskiwania;
        dane do logowania; kod weryfikacyjny; kody weryfikacyjne
        """
    ),
    "others": _words(
        """
        heslo.; hesla.; lozinka.; sifre.; jelszo.
        """
    ),
}
"""Words and phrases that mean a secret."""

ABOUT = {
    "English": _words(
        """
        chang; updat; reset; rotat; expir; renew; polic; strength; score.; length.; manager;
        managed; known.; know.; knows.; holder; owner; custodian; who.; whom.; has.; have.;
        where.; stored.; storage.; keeper.; location; function; algorithm; enabled.;
        enrolled.; must.; complex; count.; status.; since.; date.; day.; days.; age.; used.;
        with.; set on.; set at.; set by.; next.; reuse; weak.; modified.; last set;
        required at; required to; verified.; vault.; printed.; number of.; recovery email;
        recovery e mail; recovery phone; recovery contact;
        recovery address;
        kept in.
        """
    ),
    "German": _words(
        """
        geander; anderung; wechsel; inhaber; datum.; ablauf; lauft.; wer.; kennt.; hat.;
        starke.; richtlinie;
        verwalt; tresor.; wo.; seit.; bekannt.; zuletzt.; gultig;
        kennen.; wissen.; haben.; trager.; aufbewahr; ablage.; abgelegt; hinterlegt;
        aktualisiert; erneuert
        """
    ),
    "French": _words(
        """
        modifi; changement; change.; date.; expiration; expire; qui.; connait.; gestionnaire;
        force.; ou est.; depuis.; detenteur; titulaire; derniere.;
        connu; detenu; detient; connaiss; sait.; chez.; conserve; conservation; emplacement;
        lieu.; se trouve; mis a jour; renouvel; range.; garde.
        """
    ),
    "Spanish": _words(
        """
        cambi; fecha.; caduc; vence; quien.; sabe.; conoce.; gestor; donde.; modific;
        ultima.; ultimo.; desde.; fortaleza.;
        en poder de; tiene.; tienen.; conocen.; conocid; saben.; custodi; personas con;
        lugar de; ubicacion; almacenamiento; actualizad; renovad
        """
    ),
    "Italian": _words(
        """
        cambi; modific; data.; scaden; scade.; chi.; conosce.; gestore; dove.; ultima.;
        ultimo.; robustezza.; aggiorn;
        possesso; detentor; nota a; hanno.; conoscono.; conosciut; sanno.; custod;
        conservazione; conservata in; luogo; dov.; persone con; rinnov
        """
    ),
    "Portuguese": _words(
        """
        alterad; alteracao; mudanca; data.; validade.; expira; quem.; sabe.; conhece.;
        gerenc; gestor; onde.; ultima.; desde.; forca.;
        em posse de; tem.; conhecem.; conhecid; sabem.; detentor; guardiao; pessoas com;
        local da; armazenamento; troca.; trocad; mudad; atualizad
        """
    ),
    "Dutch": _words(
        """
        gewijz; wijzig; houder.; laatst; datum.; verloop; verval; wie.; kent.; weet.; beheer; waar.;
        sinds.; sterkte.;
        bekend; kennen.; hebben.; weten.; bezit.; personen met; houders.; opslag.; bewaard.;
        plaats van; veranderd; vernieuwd; aangepast; kluis.
        """
    ),
    "Polish": _words(
        """
        zmian; zmien; data.; ostatni; wygas; kto.; zna.; menedzer; gdzie.; sila.; od kiedy.;
        znaj; posiad; maja.; ma.; osoby.; powiernik; miejsce.; przechow
        """
    ),
}
"""What is said of a secret and is none: when it was changed, who has it, where it is kept."""
