"""The demonstration shop's customers."""

from collections.abc import Iterator
from itertools import product
from random import Random

from orders.adapters.demodata.ids import demo_id
from orders.adapters.demodata.places import Country
from orders.adapters.numbers import PhoneNumberParser
from orders.model.address import Address
from orders.model.customer import Customer
from orders.model.text import Language, folded

_GIVEN: dict[Language, str] = {
    "en": "Alice Arthur Chloe Daniel Eleanor Finn Grace Harry Isla James Lucy Noah Nora Oscar Sean",
    "fr": "Adèle Antoine Chloé Élodie Étienne Gaëlle Hugo Inès Julien Léa Mathis Noémie Rémi Théo Zoé",
    "pt": "Afonso Ana Beatriz Catarina Diogo Duarte Filipa Gonçalo João Leonor Mafalda Nuno Rita Rui Tomás",
}
_FAMILY: dict[Language, str] = {
    "en": "Ashdown Barlowe Carrick Dunmore Everleigh Fairburn Garrity Holloway Kestrel Lockhart Merriden",
    "fr": "Aubergeon Beaulac Chastenet Delorme Fontanel Garrigue Lavergne Montclar Rochefeuille Vauquelin",
    "pt": "Alvoeiro Brandão Carvalhal Figueira Lobato Morgadinho Pedrosa Quintela Sequeira Valadim Vilarinho",
}


def full_names(language: Language, rng: Random) -> Iterator[str]:
    """Invented names, each once, in any order."""
    names = [" ".join(pair) for pair in product(_GIVEN[language].split(), _FAMILY[language].split())]
    rng.shuffle(names)
    yield from names


def customers(country: Country, names: Iterator[str], count: int, rng: Random) -> Iterator[Customer]:
    """This many customers of the country, at most 100; some have a second number."""
    numbers = PhoneNumberParser()
    for n in range(count):
        name = next(names)
        written = [country.phone(n)]
        if n % 7 == 0 and 99 - n >= count:
            written.append(country.phone(99 - n))
        postal_code, city = rng.choice(country.towns)
        yield Customer(
            id=demo_id("customer", f"{country.code}{n}"),
            name=name,
            email=f"{folded(name).replace(' ', '.')}@example.{rng.choice(('com', 'org', 'net'))}",
            phones=tuple(filter(None, (numbers.e164(raw, country.code) for raw in written))),
            language=country.language,
            address=Address(_street(country, rng), postal_code, city, country.code),
        )


def _street(country: Country, rng: Random) -> str:
    street, house = rng.choice(country.streets), rng.randint(1, 120)
    return f"{street} {house}" if country.language == "pt" else f"{house} {street}"
