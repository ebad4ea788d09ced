"""The demonstration shop's products: things for kitchen, home, desk, garden and travel."""

from collections.abc import Iterator
from random import Random

from orders.adapters.demodata.ids import demo_id
from orders.model.money import Money
from orders.model.product import Product
from orders.model.text import LocalizedText

CURRENCY = "EUR"

_PRODUCTS = (
    ("KIT-101", "Enamel mug", "Tasse émaillée", "Caneca esmaltada", 1290),
    ("KIT-102", "Stoneware bowl", "Bol en grès", "Taça de grés", 1450),
    ("KIT-103", "Set of four plates", "Lot de quatre assiettes", "Conjunto de quatro pratos", 3900),
    ("KIT-104", "Carafe with stopper", "Carafe avec bouchon", "Garrafa com tampa", 2250),
    ("KIT-105", "Cast-iron pan", "Poêle en fonte", "Frigideira de ferro fundido", 4990),
    ("KIT-106", "Saucepan, two liters", "Casserole de deux litres", "Tacho de dois litros", 3790),
    ("KIT-107", "Chef's knife", "Couteau de chef", "Faca de chef", 5900),
    ("KIT-108", "Bread knife", "Couteau à pain", "Faca de pão", 2990),
    ("KIT-109", "Oak chopping board", "Planche à découper en chêne", "Tábua de cortar em carvalho", 3450),
    ("KIT-110", "Moka pot, six cups", "Cafetière moka, six tasses", "Cafeteira moka, seis chávenas", 2890),
    ("KIT-111", "Hand coffee grinder", "Moulin à café manuel", "Moinho de café manual", 4750),
    ("KIT-112", "Teapot", "Théière", "Bule de chá", 3190),
    ("KIT-113", "Kitchen scale", "Balance de cuisine", "Balança de cozinha", 2590),
    ("KIT-114", "Linen tea towel", "Torchon en lin", "Pano de cozinha em linho", 990),
    ("KIT-115", "Salad servers", "Couverts à salade", "Talheres de salada", 1890),
    ("HOM-201", "Wool blanket", "Couverture en laine", "Manta de lã", 7900),
    ("HOM-202", "Cushion cover", "Housse de coussin", "Capa de almofada", 1990),
    ("HOM-203", "Floor lamp", "Lampadaire", "Candeeiro de pé", 11900),
    ("HOM-204", "Table lamp", "Lampe de table", "Candeeiro de mesa", 5490),
    ("HOM-205", "Wall clock", "Horloge murale", "Relógio de parede", 3990),
    ("HOM-206", "Scented candle", "Bougie parfumée", "Vela perfumada", 1690),
    ("HOM-207", "Ceramic vase", "Vase en céramique", "Jarra de cerâmica", 2790),
    ("HOM-208", "Picture frame", "Cadre photo", "Moldura", 1490),
    ("HOM-209", "Cotton bath towel", "Drap de bain en coton", "Toalha de banho de algodão", 2490),
    ("HOM-210", "Set of linen sheets", "Parure de draps en lin", "Jogo de lençóis de linho", 12900),
    ("HOM-211", "Round mirror", "Miroir rond", "Espelho redondo", 6490),
    ("HOM-212", "Storage basket", "Panier de rangement", "Cesto de arrumação", 2290),
    ("HOM-213", "Coat rack", "Portemanteau", "Cabide de parede", 4490),
    ("HOM-214", "Doormat", "Paillasson", "Tapete de entrada", 1990),
    ("HOM-215", "Wool rug", "Tapis en laine", "Tapete de lã", 18900),
    ("DSK-301", "Notebook, dotted", "Carnet pointillé", "Caderno pontilhado", 1290),
    ("DSK-302", "Fountain pen", "Stylo plume", "Caneta de tinta permanente", 3490),
    ("DSK-303", "Pencil case", "Trousse", "Estojo", 1590),
    ("DSK-304", "Desk organizer", "Organiseur de bureau", "Organizador de secretária", 2690),
    ("DSK-305", "Reading lamp", "Lampe de lecture", "Lâmpada de leitura", 4290),
    (
        "DSK-306",
        "Wooden laptop stand",
        "Support d'ordinateur en bois",
        "Suporte de portátil em madeira",
        3990,
    ),
    ("DSK-307", "Felt desk pad", "Sous-main en feutre", "Base de secretária em feltro", 2190),
    ("DSK-308", "Wireless keyboard", "Clavier sans fil", "Teclado sem fios", 6990),
    ("DSK-309", "Wireless mouse", "Souris sans fil", "Rato sem fios", 3590),
    ("DSK-310", "Headphones", "Casque audio", "Auscultadores", 8990),
    ("DSK-311", "Weekly planner", "Agenda hebdomadaire", "Agenda semanal", 1890),
    ("DSK-312", "Set of watercolors", "Boîte d'aquarelle", "Caixa de aguarelas", 2990),
    ("GAR-401", "Watering can", "Arrosoir", "Regador", 2490),
    ("GAR-402", "Pruning shears", "Sécateur", "Tesoura de poda", 2790),
    ("GAR-403", "Terracotta pot", "Pot en terre cuite", "Vaso de terracota", 1190),
    ("GAR-404", "Herb seeds", "Graines d'herbes aromatiques", "Sementes de ervas aromáticas", 590),
    ("GAR-405", "Garden gloves", "Gants de jardin", "Luvas de jardim", 1390),
    ("GAR-406", "Bird feeder", "Mangeoire à oiseaux", "Comedouro para pássaros", 1990),
    ("GAR-407", "Folding chair", "Chaise pliante", "Cadeira dobrável", 4590),
    ("GAR-408", "Hammock", "Hamac", "Rede de descanso", 6900),
    ("GAR-409", "Solar lantern", "Lanterne solaire", "Lanterna solar", 2390),
    ("TRV-501", "Canvas backpack", "Sac à dos en toile", "Mochila de lona", 7490),
    ("TRV-502", "Insulated bottle", "Gourde isotherme", "Garrafa térmica", 2490),
    ("TRV-503", "Lunch box", "Boîte à lunch", "Lancheira", 1990),
    ("TRV-504", "Travel umbrella", "Parapluie de voyage", "Guarda-chuva de viagem", 2290),
    ("TRV-505", "Toiletry bag", "Trousse de toilette", "Bolsa de higiene", 2690),
    ("TRV-506", "Cabin suitcase", "Valise cabine", "Mala de cabine", 12900),
    ("TRV-507", "Packing cubes", "Cubes de rangement", "Organizadores de mala", 2190),
    ("TRV-508", "Picnic blanket", "Plaid de pique-nique", "Manta de piquenique", 3290),
    ("TRV-509", "Bicycle bell", "Sonnette de vélo", "Campainha de bicicleta", 1190),
)


def products(rng: Random) -> Iterator[Product]:
    """All products, with some stock each."""
    for sku, en, fr, pt, price in _PRODUCTS:
        name = LocalizedText(en, fr, pt)
        yield Product(demo_id("product", sku), sku, name, Money(price, CURRENCY), rng.randint(20, 200))
