"""Which account an address names, however it was pasted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.adopt.account_addresses import is_address, page_address
from rolecall.keys.accounts import match_key

CHANNEL = "UCabcdefghijklmnopqrstuv"
ACCOUNTS = {
    "facebook": """
        https://www.facebook.com/StAidan = StAidan
        http://facebook.com/StAidan/ = StAidan
        facebook.com/StAidan = StAidan
        www.facebook.com/StAidan = StAidan
        m.facebook.com/StAidan = StAidan
        https://de-de.facebook.com/StAidan = StAidan
        https://en-gb.facebook.com/StAidan/ = StAidan
        web.facebook.com/StAidan = StAidan
        fb.com/StAidan = StAidan
        fb.me/StAidan = StAidan
        https://www.facebook.com/StAidan/?ref=bookmarks = StAidan
        https://www.facebook.com/StAidan?mibextid=ZbWKwL = StAidan
        https://www.facebook.com/StAidan?fbclid=IwAR0abc&utm_source=x = StAidan
        https://www.facebook.com/StAidan/about = StAidan
        https://www.facebook.com/StAidan/photos/?tab=album = StAidan
        https://www.facebook.com/StAidan/posts/123456 = StAidan
        https://www.facebook.com/StAidan#reviews = StAidan
        https://www.facebook.com/pg/StAidan/ = StAidan
        https://www.facebook.com/pg/StAidan/posts/?ref=page_internal = StAidan
        https://www.facebook.com/pages/St-Aidan/123456789 = 123456789
        https://www.facebook.com/pages/category/St-Aidan/123456789 = 123456789
        https://www.facebook.com/people/St-Aidan/100064123456789/ = 100064123456789
        https://www.facebook.com/p/St-Aidan-100064123456789/ = 100064123456789
        https://www.facebook.com/St-Aidan-100064123456789/ = 100064123456789
        https://www.facebook.com/profile.php?id=61550123456789012 = 61550123456789012
        facebook.com/profile.php?id=100064123456789&mibextid=LQQJ4d = 100064123456789
        https://www.facebook.com/groups/123456789/ = groups/123456789
        https://www.facebook.com/groups/staidan/members = groups/staidan
        HTTPS://WWW.FACEBOOK.COM/StAidan = StAidan
        https//www.facebook.com/StAidan = StAidan
        http:/facebook.com/StAidan = StAidan
        https:\\\\www.facebook.com\\StAidan = StAidan
        htps://www.facebook.com/StAidan = StAidan
        hhttps://www.facebook.com/StAidan = StAidan
        ttps://www.facebook.com/StAidan = StAidan
        https: //www.facebook.com/StAidan = StAidan
        www,facebook.com/StAidan = StAidan
        <https://www.facebook.com/StAidan> = StAidan
        "https://www.facebook.com/StAidan" = StAidan
        https://www.facebook.com/StAidan, = StAidan
        (https://www.facebook.com/StAidan) = StAidan
        https://www.facebook.com/St.Aidan.Parish = St.Aidan.Parish
        https://www.facebook.com/%53tAidan = StAidan
        https://www.facebook.com/@StAidan = StAidan
        https://www.facebook.com/#!/StAidan = StAidan
        https://business.facebook.com/StAidan = StAidan
        https://facebook.com/StAidan/videos = StAidan
        facebook.com//StAidan = StAidan
    """,
    "instagram": """
        https://www.instagram.com/staidan/ = staidan
        instagram.com/staidan = staidan
        instagram.com/st.aidan_youth = st.aidan_youth
        https://www.instagram.com/staidan/?hl=en = staidan
        https://instagram.com/staidan?igshid=YmMyMTA2M2Y= = staidan
        https://www.instagram.com/staidan?igsh=abc&utm_source=qr = staidan
        https://www.instagram.com/staidan/reels/ = staidan
        https://www.instagram.com/staidan/tagged/ = staidan
        https://instagram.com/_u/staidan = staidan
        instagr.am/staidan = staidan
        https://www.instagram.com/@staidan = staidan
    """,
    "x": """
        https://twitter.com/StAidan = StAidan
        https://x.com/StAidan = StAidan
        https://twitter.com/StAidan?lang=en = StAidan
        https://twitter.com/StAidan?ref_src=twsrc%5Etfw = StAidan
        https://mobile.twitter.com/StAidan = StAidan
        https://twitter.com/@StAidan = StAidan
        https://twitter.com/#!/StAidan = StAidan
        https://twitter.com/StAidan/status/1234567890123456789 = StAidan
        https://x.com/StAidan/with_replies?s=20 = StAidan
        https://twitter.com/intent/user?screen_name=StAidan = StAidan
        twitter.com/StAidan/ = StAidan
        www.x.com/StAidan = StAidan
    """,
    "youtube": f"""
        https://www.youtube.com/@staidanmass = staidanmass
        youtube.com/@staidanmass = staidanmass
        https://www.youtube.com/@staidanmass/videos = staidanmass
        https://www.youtube.com/@staidanmass?si=Ab12 = staidanmass
        https://www.youtube.com/channel/{CHANNEL} = {CHANNEL}
        https://www.youtube.com/channel/{CHANNEL}/featured = {CHANNEL}
        https://m.youtube.com/channel/{CHANNEL} = {CHANNEL}
        https://www.youtube.com/user/StAidanMass = StAidanMass
        https://www.youtube.com/user/StAidanMass/videos?view=0 = StAidanMass
        https://www.youtube.com/c/StAidanMass = StAidanMass
        https://www.youtube.com/StAidanMass = StAidanMass
        https://youtube.com/channel/{CHANNEL}?sub_confirmation=1 = {CHANNEL}
    """,
    "linkedin": """
        https://www.linkedin.com/company/harbour-office = harbour-office
        https://www.linkedin.com/company/harbour-office/about/ = harbour-office
        https://uk.linkedin.com/company/harbour-office = harbour-office
        https://www.linkedin.com/company/harbour-office/?viewAsMember=true = harbour-office
        https://www.linkedin.com/school/harbour-college/ = harbour-college
        https://www.linkedin.com/showcase/harbour-films/ = harbour-films
        https://www.linkedin.com/in/ana-b-12345 = ana-b-12345
        linkedin.com/company/1234567 = 1234567
        https://www.linkedin.com/groups/9876543/ = groups/9876543
    """,
    "tiktok": """
        https://www.tiktok.com/@staidan = staidan
        tiktok.com/@staidan = staidan
        https://www.tiktok.com/@staidan?lang=de-DE = staidan
        https://www.tiktok.com/@staidan/video/7123456789012345678 = staidan
        https://www.tiktok.com/@staidan?_t=8abc&_r=1 = staidan
    """,
    "threads": """
        https://www.threads.net/@staidan = staidan
        https://www.threads.com/@staidan = staidan
        threads.net/@staidan?hl=en = staidan
    """,
    "mastodon": """
        https://social.example/@parks = parks@social.example
        https://social.example/@parks/ = parks@social.example
        https://social.example/users/parks = parks@social.example
        https://social.example/web/@parks = parks@social.example
        https://social.example/@parks/112233445566 = parks@social.example
        https://home.example/@parks@social.example = parks@social.example
        mastodon.social/@parks = parks@mastodon.social
        https://www.kirche.example/@parks = parks@kirche.example
    """,
    "bluesky": """
        https://bsky.app/profile/parks.example = parks.example
        https://bsky.app/profile/staidan.bsky.social = staidan.bsky.social
        bsky.app/profile/staidan.bsky.social/ = staidan.bsky.social
    """,
    "flickr": """
        https://www.flickr.com/photos/parkstrails/ = parkstrails
        flickr.com/photos/parkstrails/albums = parkstrails
        https://www.flickr.com/people/parkstrails/ = parkstrails
        https://www.flickr.com/photos/12345678@N00/ = 12345678@N00
        https://www.flickr.com/groups/parks/ = groups/parks
    """,
    "whatsapp": """
        https://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOp = 0029VaAbCdEfGhIjKlMnOp
        https://www.whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOp = 0029VaAbCdEfGhIjKlMnOp
        https://wa.me/353861234567 = 353861234567
        https://api.whatsapp.com/send?phone=353861234567 = 353861234567
        https://wa.me/353861234567?text=Hello = 353861234567
    """,
    "telegram": """
        https://t.me/staidan = staidan
        https://t.me/s/staidan = staidan
        t.me/staidan/ = staidan
        https://telegram.me/staidan = staidan
    """,
    "pinterest": """
        https://www.pinterest.com/staidan/ = staidan
        https://www.pinterest.co.uk/staidan/ = staidan
        https://pinterest.de/staidan/boards = staidan
    """,
    "vimeo": """
        https://vimeo.com/staidan = staidan
        https://vimeo.com/user12345678 = user12345678
        https://vimeo.com/channels/staidan = staidan
    """,
    "snapchat": """
        https://www.snapchat.com/add/staidan = staidan
        snapchat.com/add/staidan?share_id=abc = staidan
    """,
    "soundcloud": "https://soundcloud.com/staidan = staidan",
    "spotify": """
        https://open.spotify.com/show/4rOoJ6Egrf8K2IrywzwOMk = 4rOoJ6Egrf8K2IrywzwOMk
        https://open.spotify.com/show/4rOoJ6Egrf8K2IrywzwOMk?si=ab12 = 4rOoJ6Egrf8K2IrywzwOMk
        https://open.spotify.com/user/staidan = staidan
    """,
    "apple podcasts": """
        https://podcasts.apple.com/ie/podcast/sunday-mass/id1234567890 = id1234567890
        https://podcasts.apple.com/podcast/id1234567890 = id1234567890
    """,
    "twitch": "https://www.twitch.tv/staidan = staidan",
    "reddit": """
        https://www.reddit.com/r/staidan/ = staidan
        https://reddit.com/user/staidan = staidan
        https://www.reddit.com/u/staidan = staidan
    """,
    "tumblr": "https://www.tumblr.com/staidan = staidan",
    "medium": "https://medium.com/@staidan = staidan",
    "github": "https://github.com/staidan = staidan",
    "linktree": """
        https://linktr.ee/staidan = staidan
        linktr.ee/staidan?utm_source=linktree = staidan
    """,
    "google business": "https://g.page/staidan?share = staidan",
    "discord": "https://discord.gg/aBcDeF = aBcDeF",
    "xing": "https://www.xing.com/pages/staidan = staidan",
    "vk": "https://vk.com/staidan = staidan",
    "meetup": "https://www.meetup.com/staidan/events/ = staidan",
    "nextdoor": "https://nextdoor.com/pages/staidan/ = staidan",
    "website": """
        https://www.staidan.example/ = staidan.example
        www.staidan.example = staidan.example
        staidan.example = staidan.example
        ALPHATOWN.EXAMPLE = alphatown.example
        http//staidan.example = staidan.example
        https://staidan.example/news/ = staidan.example/news
        https://staidan.example/?utm_source=x = staidan.example
        https://staidan.example:443/ = staidan.example
        https://staidan.example:8443/ = staidan.example:8443
        https://münchen.example/ = münchen.example
        https://xn--mnchen-3ya.example/ = xn--mnchen-3ya.example
        staidan.parish.example/index.html = staidan.parish.example
        staidan.example/news/index.php = staidan.example/news
        https://staidan.wordpress.com/ = staidan.wordpress.com
        https://sites.google.com/view/staidan = sites.google.com/view/staidan
        staidan.example. = staidan.example
        https://www.staidan.example/#top = staidan.example
        https://пример.example = пример.example
        stmark.schools.example = stmark.schools.example
    """,
}
TRUE = {
    platform: [
        (address.strip(), handle.strip())
        for line in lines.strip().splitlines()
        for address, _, handle in [line.strip().rpartition(" = ")]
    ]
    for platform, lines in ACCOUNTS.items()
}
_NO_ACCOUNTS = """
    https://www.facebook.com/
    facebook.com
    https://www.facebook.com/events/123456
    https://www.facebook.com/sharer/sharer.php?u=https://a.example
    https://www.facebook.com/hashtag/mass
    https://www.facebook.com/watch/?v=123
    https://www.facebook.com/login
    https://www.facebook.com/profile.php
    https://www.instagram.com/
    https://www.instagram.com/p/Cabc123/
    https://www.instagram.com/reel/Cabc123/
    https://www.instagram.com/explore/tags/mass/
    https://twitter.com/home
    https://twitter.com/search?q=mass
    https://twitter.com/hashtag/mass
    https://x.com/i/lists/123
    https://twitter.com/intent/tweet?text=a
    https://www.youtube.com/watch?v=dQw4w9WgXcQ
    https://youtu.be/dQw4w9WgXcQ
    https://www.youtube.com/playlist?list=PL123
    https://www.youtube.com/results?search_query=mass
    https://www.youtube.com/shorts/abc123
    https://www.linkedin.com/feed/
    https://www.linkedin.com/jobs/view/123
    https://bit.ly/3abcDEF
    https://t.co/abc
    https://tinyurl.com/staidan
    https://lnkd.in/abc
    https://fb.watch/abc/
    https://vm.tiktok.com/ZMabc/
    https://t.me/joinchat/AAAA
    https://www.tiktok.com/tag/mass
    https://www.pinterest.com/pin/123/
"""
NO_ADDRESSES = [
    *("@staidan", "staidan", "St Aidan", "office@staidan.example", "", "n/a", "facebook", "12.5"),
    *("1.2.2025", "a..b", "e.g", "St. Mark's", "mailto:a@b.example", "Fr. Tom", "3.0", "v1.2"),
]


@pytest.mark.parametrize("platform", TRUE)
def test_an_address_names_an_account(platform: str) -> None:
    """What is taken out of an address is found by it again, and so is the address that is kept."""
    for address, handle in TRUE[platform]:
        found = page_address(address)
        assert found is not None, address
        assert (found.platform, found.handle, found.flaw) == (platform, handle, ""), address
        assert match_key(platform, found.url) == match_key(platform, handle), address
        again = page_address(found.url)
        assert again is not None, address
        assert again[:3] == found[:3], address


def test_many_addresses_are_tried() -> None:
    assert sum(map(len, TRUE.values())) >= 150


def test_what_names_no_account_says_so() -> None:
    for line in _NO_ACCOUNTS.strip().splitlines():
        found = page_address(line.strip())
        assert found is not None, line
        assert not found.handle, line
        assert found.flaw, line


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_what_is_no_address_is_none(text: str) -> None:
    assert page_address(text) is None


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none(text: str) -> None:
    found = page_address(text)
    assert (found is not None) == is_address(text)
    if found is not None:
        assert bool(found.handle) != bool(found.flaw)
        assert found.url.startswith("https://")
