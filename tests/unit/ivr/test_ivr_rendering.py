from datetime import date

import pytest

from ivr.speech.catalogue import Catalogue, catalogue_of
from ivr.speech.message import Plural, Recording
from ivr.speech.parts import (
    Audio,
    Date,
    Digits,
    Minutes,
    Money,
    Number,
    OrderStatus,
    Ordinal,
    Part,
    Recorded,
    Spoken,
    Text,
    Words,
)
from ivr.speech.rendering import render

TODAY = date(2026, 11, 21)
CART = Text("cart", {"count": Number(3), "total": Money(1250, "EUR")})
OWN = catalogue_of(
    {
        "en": {
            "hello": "Hello {name}.",
            "cart": {"kind": "plural", "one": "One.", "other": "{count}, {total}."},
        },
        "fr": {"hello": "Bonjour {name}.", "tone": {"kind": "recording", "file": "tone-fr.wav"}},
    }
)


def said(part: Part, language: str, catalogue: Catalogue = OWN) -> list[str]:
    segments = render((part,), language, TODAY, catalogue)
    return [segment.text for segment in segments if isinstance(segment, Spoken)]


def test_placeholders_are_filled_in_the_language_of_the_text() -> None:
    assert said(Text("hello", {"name": Words("Zoé")}), "fr") == ["Bonjour Zoé."]


def test_a_sentence_starts_with_a_capital() -> None:
    assert said(CART, "en") == ["Three, twelve euros and fifty cents."]


@pytest.mark.parametrize(("count", "expected"), [(0, "Zero, ."), (1, "One."), (2, "Two, .")])
def test_the_plural_form_follows_the_count(count: int, expected: str) -> None:
    assert said(Text("cart", {"count": Number(count)}), "en") == [expected]


@pytest.mark.parametrize(("language", "expected"), [("en", "other"), ("fr", "one"), ("pt", "other")])
def test_nothing_counts_as_singular_in_french_only(language: str, expected: str) -> None:
    catalogue = Catalogue({"x": {language: Plural(one="one", other="other")}})
    assert said(Text("x", {"count": Number(0)}), language, catalogue) == [expected.capitalize()]


def test_a_form_for_none_comes_before_the_plural_rule() -> None:
    catalogue = Catalogue({"x": {"fr": Plural(one="un", other="plusieurs", zero="aucun")}})
    assert said(Text("x", {"count": Number(0)}), "fr", catalogue) == ["Aucun"]


def test_a_text_missing_in_a_language_is_said_in_another_by_that_language_s_voice() -> None:
    assert render((Text("hello", {"name": Words("Zoé")}),), "pt", TODAY, OWN) == (Spoken("Hello Zoé.", "en"),)


def test_a_text_may_ask_for_a_language_of_its_own() -> None:
    assert render((Text("hello", {"name": Words("Zoé")}, "fr"),), "en", TODAY, OWN) == (
        Spoken("Bonjour Zoé.", "fr"),
    )


def test_an_unknown_text_is_left_out() -> None:
    assert render((Text("nowhere"), Text("hello")), "en", TODAY, OWN) == (
        Spoken("Hello .", "en", fixed=True),
    )


def test_only_a_text_without_values_is_the_same_for_every_caller() -> None:
    plain, personal = render((Text("hello"), Text("hello", {"name": Words("Zoé")})), "en", TODAY, OWN)
    assert (plain.fixed, personal.fixed) == (True, False)


def test_recordings_and_audio_become_files() -> None:
    assert render((Text("tone"), Audio("music.wav")), "fr", TODAY, OWN) == (
        Recorded("tone-fr.wav"),
        Recorded("music.wav"),
    )
    assert OWN.find("tone", "fr") == (Recording("tone-fr.wav"), "fr")


@pytest.mark.parametrize(
    ("part", "en", "fr", "pt"),
    [
        (Digits("4081"), "four, zero, eight, one", "quatre, zéro, huit, un", "quatro, zero, oito, um"),
        (Digits("CT-10 4"), "C, T, one, zero, four", "C, T, un, zéro, quatre", "C, T, um, zero, quatro"),
        (Digits("+33"), "plus, three, three", "plus, trois, trois", "mais, três, três"),
        (Number(1, "feminine"), "one", "une", "uma"),
        (Ordinal(1), "first", "premier", "primeiro"),
        (Minutes(2), "two minutes", "deux minutes", "dois minutos"),
        (Money(200, "EUR"), "two euros", "deux euros", "dois euros"),
        (Date(date(2026, 11, 22)), "tomorrow", "demain", "amanhã"),
        (Number(10**12), "one" + ", zero" * 12, "un" + ", zéro" * 12, "um" + ", zero" * 12),
    ],
)
def test_values_on_their_own(part: Part, en: str, fr: str, pt: str) -> None:
    assert [said(part, language) for language in ("en", "fr", "pt")] == [[en], [fr], [pt]]


def test_words_from_outside_cannot_carry_mark_up() -> None:
    assert said(Words('<audio src="x"/> [[h@]] Zoé & Cie_{name}'), "fr") == ["audio src x / h Zoé & Cie name"]
    assert said(Words("x" * 1000), "fr") == ["x" * 120]
    assert said(Words("\x00<>"), "fr") == []


def order(**facts: object) -> OrderStatus:
    return OrderStatus({"number": "1042331", **facts})


@pytest.mark.parametrize(
    ("status", "en", "fr", "pt"),
    [
        (
            order(
                state="placed",
                placed_on="2026-11-21",
                amount_due={"amount": 4590, "currency": "EUR"},
            ),
            [
                "Your order number one, zero, four, two, three, three, one, placed today.",
                "It has been received and is waiting for your payment.",
                "Forty-five euros and ninety cents is still to be paid.",
            ],
            [
                "Votre commande numéro un, zéro, quatre, deux, trois, trois, un, passée aujourd'hui.",
                "Elle est enregistrée et attend votre paiement.",
                "Il reste quarante-cinq euros et quatre-vingt-dix centimes à payer.",
            ],
            [
                "A sua encomenda número um, zero, quatro, dois, três, três, um, feita hoje.",
                "Está registada e aguarda o seu pagamento.",
                "Falta pagar quarenta e cinco euros e noventa cêntimos.",
            ],
        ),
        (
            OrderStatus({"state": "paid", "amount_due": {"amount": 0, "currency": "EUR"}}),
            ["It is paid, and we are preparing it."],
            ["Elle est payée, et nous la préparons."],
            ["Está paga, e estamos a prepará-la."],
        ),
        (
            OrderStatus({"state": "packed"}),
            ["It is packed, and will leave our warehouse shortly."],
            ["Elle est emballée, et quittera bientôt notre entrepôt."],
            ["Está embalada, e sairá em breve do nosso armazém."],
        ),
        (
            OrderStatus(
                {
                    "state": "shipped",
                    "carrier": "Chronopost",
                    "expected_on": date(2026, 12, 1),
                    "items_to_ship": 1,
                }
            ),
            [
                "It is on its way with Chronopost, and should arrive on Tuesday the first of December.",
                "One item will follow in another parcel.",
            ],
            [
                "Elle est en route avec Chronopost, et devrait arriver le mardi premier décembre.",
                "Un article suivra dans un autre colis.",
            ],
            [
                "Está a caminho com Chronopost, e deverá chegar na terça-feira, um de dezembro.",
                "Um artigo seguirá noutra embalagem.",
            ],
        ),
        (
            OrderStatus({"state": "shipped", "expected_on": "2026-11-22", "items_to_ship": 2}),
            [
                "It is on its way, and should arrive tomorrow.",
                "Two items will follow in another parcel.",
            ],
            [
                "Elle est en route, et devrait arriver demain.",
                "Deux articles suivront dans un autre colis.",
            ],
            [
                "Está a caminho, e deverá chegar amanhã.",
                "Dois artigos seguirão noutra embalagem.",
            ],
        ),
        (
            OrderStatus({"state": "shipped", "carrier": "CTT", "expected_on": None}),
            ["It is on its way with CTT."],
            ["Elle est en route avec CTT."],
            ["Está a caminho com CTT."],
        ),
        (
            OrderStatus({"state": "shipped"}),
            ["It is on its way."],
            ["Elle est en route."],
            ["Está a caminho."],
        ),
        (
            OrderStatus({"state": "shipped", "expected_on": "2026-11-20", "is_late": True}),
            ["It should have arrived yesterday. We are sorry for the delay."],
            ["Elle aurait dû arriver hier. Nous vous prions d'excuser ce retard."],
            ["Deveria ter chegado ontem. Pedimos desculpa pelo atraso."],
        ),
        (
            OrderStatus({"state": "delivered", "delivered_on": "2026-11-21"}),
            ["It was delivered today."],
            ["Elle a été livrée aujourd'hui."],
            ["Foi entregue hoje."],
        ),
        (
            OrderStatus({"state": "delivered"}),
            ["It has been delivered."],
            ["Elle a été livrée."],
            ["Já foi entregue."],
        ),
        (
            OrderStatus({"state": "return_requested"}),
            ["We have noted that you are returning it, and are waiting for the parcel."],
            ["Nous avons noté que vous la renvoyez, et attendons le colis."],
            ["Registámos a sua devolução, e aguardamos a embalagem."],
        ),
        (
            OrderStatus({"state": "returned", "refund_due": {"amount": 100, "currency": "EUR"}}),
            ["We have received what you returned.", "One euro will be paid back to you."],
            ["Nous avons bien reçu votre retour.", "Nous allons vous rembourser un euro."],
            ["Recebemos a sua devolução.", "Vamos reembolsar-lhe um euro."],
        ),
        (
            OrderStatus({"state": "canceled"}),
            ["It has been canceled."],
            ["Elle a été annulée."],
            ["Foi cancelada."],
        ),
        (
            OrderStatus({"state": "lost_in_space", "number": "7"}),
            ["Your order number seven.", "We cannot tell its state at the moment."],
            ["Votre commande numéro sept.", "Nous ne pouvons pas indiquer son état pour le moment."],
            ["A sua encomenda número sete.", "De momento não podemos indicar o seu estado."],
        ),
        (
            OrderStatus({"number": 3.5, "state": None, "amount_due": "much", "placed_on": "soon"}),
            ["We cannot tell its state at the moment."],
            ["Nous ne pouvons pas indiquer son état pour le moment."],
            ["De momento não podemos indicar o seu estado."],
        ),
    ],
)
def test_the_state_of_an_order(
    catalogue: Catalogue, status: OrderStatus, en: list[str], fr: list[str], pt: list[str]
) -> None:
    assert [said(status, language, catalogue) for language in ("en", "fr", "pt")] == [en, fr, pt]


@pytest.mark.parametrize(
    ("part", "en", "fr", "pt"),
    [
        (
            Text("queue.position", {"position": Ordinal(1, "feminine")}),
            "You are first in the queue.",
            "Vous êtes en première position dans la file d'attente.",
            "Está na primeira posição da fila de espera.",
        ),
        (
            Text("queue.wait", {"wait": Minutes(21)}),
            "Your estimated wait is twenty-one minutes.",
            "Temps d'attente estimé : vingt et une minutes.",
            "Tempo de espera previsto: vinte e um minutos.",
        ),
        (
            Text("queue.wait", {"wait": Minutes(0)}),
            "Your estimated wait is less than a minute.",
            "Temps d'attente estimé : moins d'une minute.",
            "Tempo de espera previsto: menos de um minuto.",
        ),
    ],
)
def test_announcements_of_the_queue(catalogue: Catalogue, part: Part, en: str, fr: str, pt: str) -> None:
    assert [said(part, language, catalogue) for language in ("en", "fr", "pt")] == [[en], [fr], [pt]]


@pytest.mark.parametrize(
    ("count", "en", "fr", "pt"),
    [
        (
            1,
            "There is one item in your cart, worth one euro.",
            "Il y a un article dans votre panier, pour un euro.",
            "Tem um artigo no seu carrinho, no valor de um euro.",
        ),
        (
            2,
            "There are two items in your cart, worth one euro.",
            "Il y a deux articles dans votre panier, pour un euro.",
            "Tem dois artigos no seu carrinho, no valor de um euro.",
        ),
        (0, "Your cart is empty.", "Votre panier est vide.", "O seu carrinho está vazio."),
    ],
)
def test_the_cart_is_counted(catalogue: Catalogue, count: int, en: str, fr: str, pt: str) -> None:
    part = Text("shop.cart", {"count": Number(count), "total": Money(100, "EUR")})
    texts = [said(part, language, catalogue)[0] for language in ("en", "fr", "pt")]
    assert [text.split(". ")[0].rstrip(".") + "." for text in texts] == [en, fr, pt]
