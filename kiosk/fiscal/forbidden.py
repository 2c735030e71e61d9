"""What a cash register in Norway may not be able to do, and why this one cannot.

A forbidden function that is only switched off is a hidden function, and as illegal as one that is
on (Skatteetaten's answers on § 2-6). So none of these is behind a setting: the code is not there,
or the journal refuses. Tests hold the program against this list; the system description prints it.

Source: kassasystemforskriften § 2-6 with the tax authority's questions and answers.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbidden:
    """One thing. The words are Norwegian: they stand in the system description."""

    what: str
    why_not: str
    in_code: str = ""
    """A pattern that no line of the program may match; what it would take to do it."""
    in_settings: str = ""
    """A pattern that no name of a setting may match."""


FORBIDDEN: Final = (
    Forbidden(
        what="Endre eller slette registreringer i journalen",
        why_not="Databasen avviser det med utløsere, hver hendelse inngår i en SHA-256-kjede, og "
        "programmet har ingen kode som endrer eller sletter en hendelse.",
        in_code=r"(?i)\b(?:DELETE\s+FROM|UPDATE)\s+(?:event|receipt)\b(?!.*BEFORE)",
        in_settings=r"(?i)(journal|event).*(off|delete|edit|keep|days)|purge|erase",
    ),
    Forbidden(
        what="Slå av journalen, signeringen eller kontrollen av den",
        why_not="Uten journal selger kassen ikke. Uten signeringsnøkkel er den ikke et kassasystem "
        "og sier det; innstillingen navngir en nøkkel og kan ikke slå av signering.",
        in_settings=r"(?i)(no|skip|disable|without)_(journal|sign|verify|chain)|unsigned",
    ),
    Forbidden(
        what="Fullføre et salg uten kvittering",
        why_not="Betalingen begynner ikke når skriveren ikke kan skrive ut. Kunden kan avstå bare "
        "ved integrert betaling (bokføringsforskriften § 5-3-5), og det journalføres som 13030.",
        in_settings=r"(?i)(no|skip|without|never)_?(print|paper|receipt)|paperless",
    ),
    Forbidden(
        what="Skrive ut mer enn én kopi av en kvittering",
        why_not="Salget selv vet hvilke kvitteringer det har fått, også etter et strømbrudd og "
        "etter at det er avsluttet. Den andre kopien avvises; intet tall kan stilles inn.",
        in_settings=r"(?i)cop(y|ies)_?(max|count|limit|number)|max_cop",
    ),
    Forbidden(
        what="La øvelsessalg eller foreløpige kvitteringer se ut som kjøp",
        why_not="De har egne nummerserier og overskriften «IKKE KVITTERING FOR KJØP» i minst "
        "halvannen gang beløpenes størrelse. Overskriftene er faste tekster.",
        in_settings=r"(?i)heading|receipt_(title|text|head)",
    ),
    Forbidden(
        what="Endre fast varetekst eller varedata i kassen",
        why_not="Kassen leser et varekart som er laget utenfor den, og kan ikke skrive i det. "
        "Betjeningen kan sette ned en pris med årsak, og det journalføres.",
        in_settings=r"(?i)(edit|change|rename)_(item|product|text|name)",
    ),
    Forbidden(
        what="Åpne kassaskuff eller ta imot kontanter",
        why_not="Kassen tar bare elektronisk betaling (§ 2-2 tredje punktum). Ingen betalingsmåte, "
        "enhet eller skriverkommando for kontanter eller skuff finnes i programmet.",
        in_code=r"(?i)(cash_?drawer\s*\(|open_drawer|kick_drawer|\.cashdraw\()",
        in_settings=r"(?i)drawer|cash_(in|out|method)|accept_cash",
    ),
    Forbidden(
        what="Nullstille akkumulerte totaler, nummer på Z-rapporter eller kvitteringsserier",
        why_not="De leses ut av journalen, som bare vokser. Journalen avviser et nummer som ikke "
        "er det neste, og en Z-rapport mens et salg er åpent.",
        in_code=r"(?i)reset_(grand|totals|numbers|z_number|receipt_number)",
        in_settings=r"(?i)(first|start|reset)_(receipt|z|number|total)",
    ),
    Forbidden(
        what="Overføre parkerte salg til neste dag",
        why_not="Et salg som settes til side, er et avbrutt salg i journalen; det som fortsetter, "
        "er et nytt salg som viser til det.",
        in_settings=r"(?i)(suspend|park).*(day|night|keep)",
    ),
    Forbidden(
        what="Betale ut beløp uten vare i retur",
        why_not="Det finnes ingen funksjon for det. Penger går tilbake bare for varer fra en "
        "navngitt kvittering, eller når en betaling må tilbakeføres i sin helhet.",
        in_code=r"(?i)def (pay_out|cash_back|withdraw)\b",
        in_settings=r"(?i)pay_?out|cash_?back|withdraw",
    ),
)
