"""What the system description rests on without proof: where only a secondary source was read.

The regulation's own text could not be had when this was written; what is taken from the tax
authority's pages, its code lists, schema, validator and official example is proven by tests. The
rest is listed here with what it rests on, and a supplier has it checked before declaring a build.
"""

from typing import Final, NamedTuple

from kiosk.fiscal import texts
from kiosk.fiscal.texts import ReceiptKind


class Unproven(NamedTuple):
    """One thing that a person with the regulation at hand has to check."""

    what: str
    rests_on: str
    to_check: str


UNPROVEN: Final = (
    Unproven(
        f"Ordet «{texts.ELECTRONIC}» foran overskriften på en elektronisk kvittering",
        "Markedets praksis; ordlyden i forskriften er ikke lest",
        "§ 2-8-4 og merknadene i SKD-melding 7/15",
    ),
    Unproven(
        f"«{texts.HEADINGS[ReceiptKind.PROVISIONAL]}» og tilsvarende for øvelse, på bokmål",
        "Markedets praksis; forskriften skriver «IKKJE KVITTERING FOR KJØP» (bekreftet: § 2-8-8)",
        "§§ 2-8-5 til 2-8-8: om bokmål er tillatt",
    ),
    Unproven(
        "Bokstavene a til z i § 2-8-2 og rekkefølgen deres",
        "En åpen modul for et annet kassasystem; Skatteetaten har bekreftet f, l, m, p, q, s og t",
        "§ 2-8-2",
    ),
    Unproven(
        "«Salgskvittering/Returkvittering» som én kvittering med egen nummerserie",
        "Bekreftet: den er tillatt og telles som begge deler. Ikke bekreftet: at serien er egen",
        "§ 2-8-4, jf. § 2-8-5",
    ),
    Unproven(
        "Pant som egen linje utenfor avgiftsgrunnlaget, kode 7, og pantelapp som betalingsmiddel",
        "En regnskapsrådgivers nettsted og kodelisten",
        "Skatteetaten eller revisor",
    ),
    Unproven(
        "Koden på kvitteringen for utgang og bytte regnes ikke som en ny kvittering",
        "Egen vurdering; teksten ved koden sier ikke «kvittering» om seg selv",
        "§ 2-8-4",
    ),
    Unproven(
        "Kassens egen operatør-id; ingen innlogging for kunden",
        "Sekundærkilde: brukere er ikke lovpålagt",
        "Skatteetaten",
    ),
    Unproven(
        "At et hull i numrene er lovlig når journalen selv sier hvilke numre som er utelatt og "
        "hvorfor (ny maskin etter en ødelagt disk)",
        "Egen vurdering: ellers kunne et nummer bli gitt to ganger",
        "§ 2-8-2 og Skatteetaten",
    ),
    Unproven(
        "Hvem som er leverandør av en utgave bygget av åpen kildekode, og hvor nøkkelen oppbevares",
        "Skatteetatens prinsipputtalelse 2.2.2017 om den som sist endrer programmet",
        "Skatteetaten, før produkterklæring (RF-1348)",
    ),
)
