"""Where the demonstration's customers live, and phone numbers that nobody has.

The numbers are reserved for fiction: by Ofcom (07700 900 and 020 7946 0), ComReg (020 91), the North American
Numbering Plan (555-01) and Arcep (06 39 98 and 01 99 00). Portugal reserves none: 20 is no area code there.
"""

from collections.abc import Callable
from dataclasses import dataclass

from orders.model.text import Language


@dataclass(frozen=True, slots=True)
class Country:
    """A country: ISO 3166-1 code, its customers' language, streets, towns with postal codes, phone numbers.

    `phone(n)` writes the number of customer n (0 to 99) as people there do, in one of several ways.
    """

    code: str
    language: Language
    streets: tuple[str, ...]
    towns: tuple[tuple[str, str], ...]
    phone: Callable[[int], str]


def countries() -> tuple[Country, ...]:
    """The countries the shop sends to."""
    return (_GREAT_BRITAIN, _IRELAND, _UNITED_STATES, _FRANCE, _PORTUGAL)


def _british_phone(n: int) -> str:
    return (
        f"07700 900{100 + n}",
        f"+44 (0)7700 900 {100 + n}",
        f"0044 7700900{100 + n}",
        f"020 7946 0{100 + n}",
        f"tel:+44-20-7946-0{100 + n}",
    )[n % 5]


def _irish_phone(n: int) -> str:
    return (f"020 910 00{n:02}", f"+353 20 91000{n:02}", f"00353 (0)20 910 00{n:02}")[n % 3]


def _american_phone(n: int) -> str:
    return (f"(202) 555-01{n:02}", f"1-415-555-01{n:02}", f"+1 212.555.01{n:02}")[n % 3]


def _french_phone(n: int) -> str:
    return (
        f"06 39 98 10 {n:02}",
        f"06.39.98.11.{n:02}",
        f"+33 (0)6 39 98 12 {n:02}",
        f"0033 1 99 00 13 {n:02}",
        f"01-99-00-14-{n:02}",
    )[n % 5]


def _portuguese_phone(n: int) -> str:
    return (f"200 000 2{n:02}", f"+351 200 000 3{n:02}", f"00351 2000004{n:02}", f"2000005{n:02}")[n % 4]


_GREAT_BRITAIN = Country(
    "GB",
    "en",
    ("Orchard Lane", "Mill Road", "Church Street", "Station Road", "Victoria Terrace", "Kingsway"),
    (
        ("EC1A 1BB", "London"),
        ("M1 1AE", "Manchester"),
        ("B33 8TH", "Birmingham"),
        ("CR2 6XH", "Croydon"),
        ("DN55 1PT", "Doncaster"),
        ("EH1 1YZ", "Edinburgh"),
        ("CF10 1EP", "Cardiff"),
    ),
    _british_phone,
)
_IRELAND = Country(
    "IE",
    "en",
    ("Quay Street", "Abbey Road", "Harbour View", "Grattan Terrace"),
    (("D02 AF30", "Dublin"), ("T12 K8AF", "Cork"), ("H91 E2K3", "Galway"), ("V94 T9PX", "Limerick")),
    _irish_phone,
)
_UNITED_STATES = Country(
    "US",
    "en",
    ("Maple Street", "Lakeview Drive", "Second Avenue", "Cedar Court"),
    (
        ("02139", "Cambridge, MA"),
        ("97205", "Portland, OR"),
        ("60614", "Chicago, IL"),
        ("78704", "Austin, TX"),
    ),
    _american_phone,
)
_FRANCE = Country(
    "FR",
    "fr",
    ("rue des Lilas", "avenue de la Gare", "place du Marché", "chemin des Vignes", "boulevard Pasteur"),
    (
        ("75011", "Paris"),
        ("69003", "Lyon"),
        ("13006", "Marseille"),
        ("33000", "Bordeaux"),
        ("44000", "Nantes"),
        ("59800", "Lille"),
        ("67000", "Strasbourg"),
    ),
    _french_phone,
)
_PORTUGAL = Country(
    "PT",
    "pt",
    ("Rua das Flores", "Avenida da Liberdade", "Travessa do Carmo", "Largo da Fonte", "Rua do Comércio"),
    (
        ("1200-195", "Lisboa"),
        ("4050-253", "Porto"),
        ("3000-213", "Coimbra"),
        ("4700-030", "Braga"),
        ("8000-164", "Faro"),
        ("2900-182", "Setúbal"),
    ),
    _portuguese_phone,
)
