"""The names of the months in eight languages, long and short, without accents."""

from __future__ import annotations

__all__ = ["MONTHS"]

_NAMES = """
january jan januar janner jaen janvier janv enero ene gennaio gen januari styczen stycznia janeiro
february feb februar feber fevrier fevr fev febrero febbraio fevereiro februari luty lutego lut
march mar marz maerz mrz mars marzo marco maart mrt marzec marca
april apr avril avr abril abr aprile kwiecien kwietnia kwi
may mai mayo maggio mag maio mei maj maja
june jun juni juin junio giugno giu junho czerwiec czerwca cze
july jul juli juillet juil julio luglio lug julho lipiec lipca lip
august aug aout agosto ago augustus sierpien sierpnia sie
september sep sept septembre septiembre settembre set setembro wrzesien wrzesnia wrz
october oct oktober okt octobre octubre ottobre ott outubro out pazdziernik pazdziernika paz
november nov novembre noviembre novembro listopad listopada lis
december dec dezember dez decembre diciembre dic dicembre dezembro grudzien grudnia gru
"""

MONTHS = {
    name: number
    for number, names in enumerate(_NAMES.strip().splitlines(), 1)
    for name in names.split()
}
"""The number of each."""
