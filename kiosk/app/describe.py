"""The system description that Norwegian law asks for, made from what the program declares.

`kiosk fiscal describe` writes it in Norwegian, as HTML or Markdown. Lists (kinds of receipts, means
of payment, events, rights, settings, devices, what may not be) come from the tables that the
program itself uses, so they cannot fall behind; the text between them is written here.

Source: kassasystemforskriften § 2-1 (system description: all functions, structure, versions, how to
inspect; in Norwegian; kept current).
"""

import dataclasses
from importlib import metadata
from typing import Final

from drivers.registry import PROTOCOLS
from kiosk.app.config import SECTIONS
from kiosk.app.describe_unproven import UNPROVEN
from kiosk.app.document import Chapter, Part, Table
from kiosk.app.release import Release, this_release
from kiosk.fiscal import codes, texts
from kiosk.fiscal.forbidden import FORBIDDEN
from kiosk.fiscal.numbers import PREFIXES
from kiosk.fiscal.texts import ReceiptKind
from kiosk.rules.tables import TYPES, table
from kiosk.sale.events import Series
from kiosk.staff.roles import DEFAULT_ROLES, Right

RIGHTS: Final = {
    Right.DECIDE: "godkjenne og avvise det kassen spør om",
    Right.DECIDE_AGE: "godkjenne alder og alkohol",
    Right.DECIDE_MONEY: "avgjøre en betaling som er i tvil",
    Right.CHANGE_LINE: "endre antall, ta ut en varelinje, legge til en vare for hånd",
    Right.CHANGE_PRICE: "sette ned en pris, med årsak",
    Right.DISCOUNT: "gi avslag, med årsak",
    Right.VOID_SALE: "avbryte et salg",
    Right.SUSPEND: "sette et salg til side og ta det opp igjen",
    Right.COPY: "skrive ut den ene kopien av en kvittering",
    Right.RETURN: "ta varer i retur og betale tilbake",
    Right.RETURN_ALONE: "ta varer i retur mens butikkens server ikke svarer",
    Right.OPEN_CLOSE: "åpne, stenge og sette kassen på pause",
    Right.REPORT: "vise og skrive ut X-rapport",
    Right.CLOSE_DAY: "ta Z-rapport før tiden",
    Right.TRAIN: "slå øvelse på og av",
    Right.CHECK_DEVICES: "prøve enhetene, stille lyd og berøring",
    Right.SEE_KIOSK: "se versjon, adresse og disk",
}
SERIES: Final = {
    ReceiptKind.SALE: "Salg",
    ReceiptKind.RETURN: "Retur",
    ReceiptKind.COMBINED: "Salg og retur i ett",
    ReceiptKind.TRAINING: "Øvelse",
    ReceiptKind.PROVISIONAL: "Foreløpig, for et salg som er åpent",
}
PACKAGES: Final = (
    ("kiosk.sale", "hva et salg er og hva som kan skje med det; rene funksjoner"),
    ("kiosk.journal", "den elektroniske journalen"),
    ("kiosk.fiscal", "kvitteringer, X og Z, signatur og SAF-T"),
    ("kiosk.catalog", "varer, priser og tilbud; leses bare"),
    ("kiosk.rules", "daterte tabeller: avgift, aldersgrenser, salgstider, pant"),
    ("kiosk.payments, drivers", "betaling og utstyr over deres egne protokoller"),
    ("kiosk.engine", "én tråd som tar imot alt, bestemmer og skriver journalen"),
    ("kiosk.ui", "skjermen; ser bare bilder av tilstanden og sender trykk"),
    ("kiosk.staff", "hvem som kan logge inn, og hva de kan"),
    ("kiosk.telemetry, kiosk.fleet", "melding til butikken og butikkens server"),
)
REPORT_LETTERS: Final = (
    "a type og løpenummer, b navn og organisasjonsnummer, c dato og tid, d kassens id, e samlet "
    "kontantsalg, f varegrupper, g betalingsmidler, h operatører, j merverdiavgift per sats, "
    "l antall salgskvitteringer, n kopier, o foreløpige kvitteringer, p returer, "
    "q avslag gitt for hånd, r avbrutte salg, s linjekorreksjoner, "
    "t prisundersøkelser per varegruppe, u andre korreksjoner, w øvelse, "
    "x, y og z akkumulert salg, retur og netto siden første gangs bruk. "
    "i tips, k veksel, m skuffåpninger og v utleveringer er alltid null: funksjonene finnes ikke."
)


def chapters(release: Release | None = None) -> tuple[Chapter, ...]:
    """Return the whole description."""
    found = release or this_release()
    return (
        Chapter("Systemet og leverandøren", _system(found)),
        Chapter("Oppbygning", _structure()),
        Chapter("Salget", _selling()),
        Chapter("Kvitteringer", _receipts()),
        Chapter("X- og Z-rapport", _reports()),
        Chapter("Elektronisk journal", _journal()),
        Chapter("SAF-T og signatur", _saft()),
        Chapter("Betjening", _staff()),
        Chapter("Det systemet ikke kan", _forbidden()),
        Chapter("Strømbrudd og feil", _faults()),
        Chapter("Oppbevaring", _retention()),
        Chapter("Innstillinger", _settings()),
        Chapter("Utstyr", _devices()),
        Chapter("Slik kontrolleres kassen", _inspection()),
        Chapter("Det som ikke er bekreftet", _unproven()),
    )


def _system(release: Release) -> tuple[Part, ...]:
    version = metadata.version("selvkasse")
    if release.statement is not None:
        said = release.statement
        who = f"Produkterklært {said.declared_on} av {said.supplier}, org.nr. {said.org_number}."
        digest = f"Programmets SHA-256: {said.digest}."
    else:
        who = (
            "Denne utgaven er IKKE produkterklært. Startskjermen og foten på hver kvittering sier "
            "det, og den skal ikke brukes i en butikk."
        )
        digest = (
            "Bare en utgave der hver fil er den som ble erklært og signert, regnes som erklært."
        )
    return (
        f"Selvkasse, versjon {version}: en selvbetjent kasse der kunden skanner, betaler og går. "
        "Hver kasse er ett kassasystem med sin egen id, journal, nummerserier og Z-rapporter.",
        who,
        digest,
    )


def _structure() -> tuple[Part, ...]:
    return (
        "Programmet er skrevet i Python og kjører på Linux. Hver handling blir til hendelser som "
        "er skrevet til journalen før noe annet skjer; skjerm, kvitteringer og rapporter regnes ut "
        "av dem.",
        Table(("Del", "Oppgave"), PACKAGES),
    )


def _selling() -> tuple[Part, ...]:
    methods = ", ".join(texts.METHODS.values())
    return (
        "Kunden ser hver vare, pris, avslag, pant og summen mens det skannes. Beløp med "
        "minustegn er reduksjoner og returer, på skjerm, kvittering, rapport og i journal.",
        f"Betalingsmidler: {methods}. Kontanter tas ikke imot, og det er ingen kassaskuff.",
        "Et salg kan settes til side (13010) og tas opp igjen (13011) samme dag. Et salg som er "
        "avbrutt, føres med beløp og årsak. Varer med aldersgrense krever en person hver gang.",
        Table(
            ("Tabell", "Sist kontrollert mot kilden"),
            tuple((name, str(table(name, row).checked_on)) for name, row in TYPES.items()),
        ),
    )


def _receipts() -> tuple[Part, ...]:
    rows = tuple(
        (SERIES[kind], texts.HEADINGS[kind].replace("\u00ad", ""), _example(kind))
        for kind in ReceiptKind
    )
    return (
        "Fem slag, hver med sin egen nummerserie uten hull:",
        Table(("Slag", "Overskrift", "Nummer, eksempel"), rows),
        f"En kopi er merket {texts.COPY}; det skrives høyst én av hvert salg. {texts.COPY} og "
        "merkene på det som ikke er kvittering for kjøp, er dobbelt så høye som beløpene.",
        "Kunden kan få kvitteringen på mobil ved å skanne en kode på skjermen, uten konto og uten "
        "nummer. Lenken er signert av kassen og utløper. Papir etter det er merket "
        f"{texts.COPY}. Vil kunden ikke ha kvittering, journalføres 13030; det tilbys bare når "
        "betalingen er integrert.",
    )


def _example(kind: ReceiptKind) -> str:
    return f"{PREFIXES[Series(kind.value)]}18204"


def _reports() -> tuple[Part, ...]:
    return (
        "Z-rapport tas av seg selv etter dagens siste salg og ellers når betjeningen ber om det. "
        "Den har løpenummer uten hull, aldri to for samme dag, og kan ikke tas mens et salg er "
        "åpent eller en betaling er i tvil. Uten salg en dag tas ingen.",
        f"Innhold (§ 2-8-2): {REPORT_LETTERS}",
        "Hver rapport står i sin helhet i journalen og kan vises og skrives ut igjen.",
    )


def _journal() -> tuple[Part, ...]:
    rows = tuple(
        (code.predefined, name, code.norwegian)
        for name, code in sorted(codes.EVENTS.items(), key=lambda one: one[1].predefined)
    )
    return (
        "All bruk skrives fortløpende i én fil. Databasen avviser endring og sletting, og hver "
        "hendelse inngår i en kjede av SHA-256. Journalen inneholder ingen opplysninger om kunder; "
        "betjening står med en tilfeldig id.",
        Table(("SAF-T", "Vår kode", "Hendelse"), rows),
        "Hendelser i standarden som denne kassen aldri skriver:",
        Table(("SAF-T", "Hvorfor ikke"), tuple(codes.NOT_HERE.items())),
    )


def _saft() -> tuple[Part, ...]:
    return (
        "Journalen eksporteres som SAF-T Cash Register 1.00 for en valgt periode, så ofte man vil, "
        "også mens kassen selger. Filer over 2 GB deles på hele dager.",
        "Hvert salg signeres i en kjede (RSA-SHA1-1024 eller HMAC-SHA1-128) med en nøkkel som "
        "butikkens bruker ikke kan lese. Nøkkelens versjon står ved hver signatur.",
        Table(
            ("Tabell", "Vår kode", "Standardkode", "Betydning"),
            tuple(
                (name, ours, code.predefined or "–", code.norwegian)
                for name, codes_of in (
                    ("Varegruppe", codes.ARTICLE_GROUPS),
                    ("Transaksjon", codes.TRANSACTIONS),
                    ("Betaling", codes.PAYMENTS),
                    ("Avslag", codes.DISCOUNTS),
                )
                for ours, code in codes_of.items()
            ),
        ),
    )


def _staff() -> tuple[Part, ...]:
    rows = tuple(
        (
            words,
            ", ".join(role.value for role, rules in DEFAULT_ROLES.items() if rules.may(right)),
        )
        for right, words in RIGHTS.items()
    )
    return (
        "Betjeningen logger inn med nummer og PIN eller med kort; innlogging og utlogging "
        "journalføres. Roller og rettigheter, slik de er før butikken har stilt dem inn:",
        Table(("Kan", "Roller"), rows),
    )


def _forbidden() -> tuple[Part, ...]:
    return (
        "Disse funksjonene finnes ikke i programmet og kan ikke slås på (§ 2-6):",
        Table(("Funksjon", "Hvorfor ikke"), tuple((one.what, one.why_not) for one in FORBIDDEN)),
    )


def _faults() -> tuple[Part, ...]:
    return (
        "Det som er bekreftet, er på disken. Etter et strømbrudd leses salget av journalen: en "
        "betaling uten svar spørres det om og sendes aldri på nytt, og en kvittering som kanskje "
        "kom ut, følges av en kopi. Kan journalen ikke skrives, selger kassen ikke.",
        "Klokken er norsk normaltid med sommertid. Stilles den tilbake før forrige signatur, "
        "journalføres det (CLOCKBACK), og salget signeres i rekkefølgen det ble fullført.",
    )


def _retention() -> tuple[Part, ...]:
    return (
        "Journalen kopieres og kontrolleres hver natt, mens kassen kan selge. Kopiene er ikke "
        "kryptert, siden de ikke inneholder opplysninger om personer og skal kunne leses i fem år.",
        "Butikkens server får hver hendelse med sin hash, oppbevarer dem i fem år og gir dem bare "
        "til den som viser kassens sertifikat. Av dem kan journalen lages på nytt, likt til siste "
        "tegn.",
        "Et nummer gis aldri to ganger. En kasse går videre fra en kopi alene bare når det er "
        "bevist at kopien er hele journalen. Går den videre fra serverens hendelser uten et slikt "
        "bevis, utelates så mange numre som kan være gitt i mellomtiden, og journalen sier hvilke. "
        "En kasse uten journal spør serveren om id-en har solgt før den begynner på nummer 1; kan "
        "serveren ikke spørres, må en person si det, og det står i journalen.",
    )


def _settings() -> tuple[Part, ...]:
    rows = tuple(
        (section, field.name, _default(field))
        for section, kind in SECTIONS.items()
        for field in dataclasses.fields(kind)
    )
    return (
        "Alle innstillinger. Ingen av dem slår på noe fra listen over det systemet ikke kan.",
        Table(("Del", "Innstilling", "Uten at den er satt"), rows),
    )


def _default(field: "dataclasses.Field[object]") -> str:
    if field.default is dataclasses.MISSING:
        return "må settes" if field.default_factory is dataclasses.MISSING else "tom"
    if isinstance(field.default, bool):
        return "ja" if field.default else "nei"
    return str(field.default) if field.default not in ("", None, ()) else "–"


def _devices() -> tuple[Part, ...]:
    rows = tuple((name, one.kind.value, one.summary) for name, one in PROTOCOLS.items())
    return (
        "Skriver kreves. Protokollene, med navnene de har i innstillingene:",
        Table(("Protokoll", "Slag", "Utstyr"), rows),
    )


def _unproven() -> tuple[Part, ...]:
    return (
        "Forskriftens egen tekst var ikke tilgjengelig da programmet ble skrevet. Dette hviler på "
        "en sekundærkilde eller en egen vurdering, og må kontrolleres før utgaven erklæres:",
        Table(("Hva", "Hviler på", "Kontrolleres mot"), UNPROVEN),
    )


def _inspection() -> tuple[Part, ...]:
    return (
        "På kassen, av betjening med rett til det: X-rapport, Z-rapport, kopi av kvittering.",
        Table(
            ("Kommando", "Gir"),
            (
                ("kiosk journal verify", "kontroll av hele journalen og alle nummerserier"),
                ("kiosk journal show NUMMER", "alt som skjedde i ett salg"),
                ("kiosk report list, kiosk report show", "alle Z-rapporter, og en av dem igjen"),
                ("kiosk saft export --from --to", "SAF-T for en periode"),
                ("kiosk saft verify FIL", "kontroll av skjema, signaturer, hull og summer"),
                ("kiosk release check", "om utgaven er produkterklært, og av hvem"),
                ("kiosk rules list", "tabellene for avgift, alder og pant, med kilder"),
                ("kiosk fiscal describe", "denne beskrivelsen"),
            ),
        ),
    )
