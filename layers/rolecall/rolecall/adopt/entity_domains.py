"""E-mail domains of units, where a sheet proves them.

A domain is a unit's where a website of it stands below the domain, or the domain below the
website's, and somebody of it is written to there. One that anybody gets an address at proves
nothing, and neither does one on which anybody gets a website.
"""

from __future__ import annotations

from collections.abc import Iterable

from rolecall.adopt.word_sets import word_set
from rolecall.keys.addresses import address_key, bare_address, domain_key

__all__ = ["PUBLIC_DOMAINS", "proven_domains"]

PUBLIC_DOMAINS = word_set(
    """
    gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.de hotmail.fr hotmail.es
    hotmail.it hotmail.nl live.com live.co.uk live.de live.fr live.it live.nl msn.com outlook.de
    outlook.fr outlook.es outlook.it outlook.pt yahoo.com yahoo.co.uk yahoo.de yahoo.fr yahoo.es
    yahoo.it yahoo.com.br ymail.com rocketmail.com aol.com icloud.com me.com mac.com proton.me
    protonmail.com pm.me tutanota.com tuta.io gmx.de gmx.net gmx.at gmx.ch gmx.com web.de
    t-online.de freenet.de posteo.de mailbox.org arcor.de 1und1.de mail.de
    orange.fr wanadoo.fr free.fr sfr.fr laposte.net
    neuf.fr bbox.fr telefonica.net terra.es movistar.es ya.com libero.it virgilio.it
    tiscali.it alice.it tim.it fastwebnet.it aruba.it pec.it sapo.pt iol.pt clix.pt uol.com.br
    bol.com.br terra.com.br ig.com.br globo.com ziggo.nl kpnmail.nl planet.nl xs4all.nl home.nl
    hetnet.nl casema.nl upcmail.nl telenet.be skynet.be proximus.be wp.pl onet.pl o2.pl interia.pl
    op.pl gazeta.pl poczta.onet.pl tlen.pl vp.pl eircom.net btinternet.com sky.com virginmedia.com
    talktalk.net ntlworld.com comcast.net verizon.net att.net sbcglobal.net cox.net charter.net
    bellsouth.net earthlink.net shaw.ca rogers.com bell.net sympatico.ca bigpond.com optusnet.com.au
    mail.com mail.ru yandex.ru yandex.com zoho.com fastmail.com hey.com hushmail.com qq.com 163.com
    bluewin.ch sunrise.ch hispeed.ch a1.net aon.at chello.at
    wordpress.com blogspot.com wixsite.com weebly.com squarespace.com jimdofree.com jimdosite.com
    github.io sites.google.com business.site godaddysites.com webnode.com strikingly.com
    myshopify.com tumblr.com substack.com medium.com netlify.app vercel.app web.app altervista.org
    onmicrosoft.com
    """
)
"""Domains at which anybody gets an address, or on which a website."""


def proven_domains(addresses: Iterable[str], hosts: Iterable[str]) -> tuple[str, ...]:
    """Return the domains of some addresses that some websites prove to be a unit's own."""
    sites = [domain_key(host.partition("/")[0].partition(":")[0]) for host in hosts]
    sites = [site.removeprefix("www.") for site in sites]
    found: dict[str, None] = {}
    for address in addresses:
        key = address_key(bare_address(address))
        domain = key.partition("@")[2] if key else ""
        if "." not in domain or domain in PUBLIC_DOMAINS:
            continue
        if any(_are_one(site, domain) for site in sites if site not in PUBLIC_DOMAINS):
            found[domain] = None
    return tuple(found)


def _are_one(site: str, domain: str) -> bool:
    return site == domain or site.endswith(f".{domain}") or domain.endswith(f".{site}")
