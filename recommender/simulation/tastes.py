"""What each category of platform means to whom. All in logits and assumed, unless it says so.

The tables are read with the codes of the reference; a category, sector or function that they do
not name is neutral, so that the simulation still runs on another catalogue.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from recommender.simulation import published

CLASSES = ("household", "micro", "small", "medium", "large")
"""Order of every tuple of five figures below."""

Five = tuple[float, float, float, float, float]


@dataclass(frozen=True)
class Category:
    """Who uses and wants a category.

    Attributes:
        use: Share (%) that uses such a tool before it asks, by size class.
        size: Taste by size class.
        sectors: Taste by sectors ("GI" is two of them).
        elsewhere: Taste in the sectors not named.
        only: Sectors in which it is in use at all; empty means all. `use` is a share of these.
        consumers: Added for businesses that sell to consumers.
        again: Added where a tool of the category is in use already.
        passive: Whether one may have it without any function being run on a tool.
    """

    use: Five
    size: Five
    sectors: Mapping[str, float] = field(default_factory=dict)
    elsewhere: float = 0.0
    only: str = ""
    consumers: float = 0.0
    again: float = -2.0
    passive: bool = False

    def taste(self, sector: str) -> float:
        """Return the taste of a sector, by its letter."""
        found = [taste for letters, taste in self.sectors.items() if sector in letters]
        return found[0] if found else self.elsewhere


NEUTRAL = Category((2.0, 5.0, 10.0, 15.0, 20.0), (-0.5, 0.0, 0.0, 0.0, 0.0))

_erp, _crm = published.ERP, published.CRM
_cloud, _sales = published.CLOUD, published.E_SALES

# The mean of small, medium and large is the published figure of firms with 10+ staff.
_crm_small = (_crm["10+"].value_pct * 37.4 - 3.5 * 42 - 2.8 * 52) / 31.1

CATEGORIES: Mapping[str, Category] = {
    "accounting": Category(
        (12, 62, 78, 75, 55), (0.9, 0.9, 0.9, 1.2, 0.7)
    ),
    "accounting-services": Category(
        (3, 18, 8, 2, 1), (-0.3, 0.2, -0.3, -0.9, -1.6)
    ),
    "e-invoice": Category(  # enterprises must have it; 97 % leaves room for the new ones
        (published.E_INVOICE.value_pct, 97, 97, 97, 97), (0.1, 0.8, 0.8, 0.6, 0.4), passive=True
    ),
    "finance-management": Category(
        (0.5, 3, 8, 15, 25), (-0.9, -0.2, 0.3, 0.5, 0.6)
    ),
    "payments": Category(
        (40, 28, 28, 25, 25), (0.4, 0.2, -0.1, -0.4, -0.6),
        {"I": 0.9, "GPQRS": 0.4, "H": 0.2}, -0.7, consumers=0.5, again=-0.8, passive=True,
    ),
    "pos-retail": Category(
        (22, 35, 45, 45, 45), (0.3, 0.3, 0.2, -0.2, -0.6), {"G": 1.1, "S": 0.2, "R": -0.3}, -2.0,
        only="GS", consumers=0.3,
    ),
    "pos-fnb": Category(
        (20, 40, 55, 60, 60), (0.3, 0.4, 0.4, 0.3, 0.0), {"I": 1.1}, -3.0,
        only="I", consumers=0.3,
    ),
    "hotel-tourism": Category(
        (12, 40, 60, 75, 80), (0.2, 0.6, 0.7, 0.5, 0.2), {"I": 0.4, "N": -1.0}, -3.0,
        only="I", consumers=0.2,
    ),
    "e-commerce": Category(  # micro and medium lie between the published figures
        (6, 13, _sales["small"].value_pct, 30, _sales["large"].value_pct),
        (0.2, 0.4, 0.4, 0.2, 0.0), {"G": 1.0, "A": 1.3, "C": 0.3, "I": -0.4}, -0.8,
        consumers=0.5, again=-0.6,
    ),
    "crm": Category(  # medium and large are assumed, small follows
        (2, _crm["micro"].value_pct, _crm_small, 42, 52), (-1.0, -0.2, 0.4, 0.6, 0.6),
        {"L": 0.6, "JKMP": 0.4, "NQ": 0.3, "G": 0.2, "AF": -0.5},
    ),
    "marketing-messaging": Category(
        (12, 18, 25, 32, 40), (0.3, 0.4, 0.4, 0.3, 0.1),
        {"G": 0.6, "PRS": 0.5, "LQ": 0.3, "I": 0.2}, -0.4, consumers=0.6, passive=True,
    ),
    "chatbot": Category(
        (0.5, 2, 6, 12, 20), (-1.5, -0.6, 0.0, 0.4, 0.6), {"K": 0.4, "P": 0.3, "GJ": 0.2}, -0.3,
        consumers=0.5,
    ),
    "call-centre": Category(
        (0.2, 2, 6, 15, 30), (-1.8, -0.9, 0.0, 0.5, 0.8), {"K": 0.5, "H": 0.3, "LQ": 0.2}, -0.3,
        consumers=0.3,
    ),
    "hr": Category(
        (1, 8, 25, 50, 70), (-1.6, -0.4, 0.5, 0.9, 1.0), {"C": 0.4, "N": 0.3, "F": 0.2, "A": -0.4},
        again=-1.2,
    ),
    "e-learning": Category(
        (0.2, 2, 6, 15, 30), (-2.0, -1.0, -0.2, 0.3, 0.6), {"P": 0.6, "JK": 0.3}
    ),
    "erp-all-in-one": Category(  # medium lies half-way between small and large, in logits
        (1.5, _erp["micro"].value_pct, _erp["small"].value_pct, 57, _erp["large"].value_pct),
        (-1.8, -0.5, 0.3, 1.2, 1.2), {"C": 0.7, "FG": 0.2, "A": -0.5},
    ),
    "workflow-collaboration": Category(
        (1, 6, 15, 30, 45), (-1.6, -0.2, 0.5, 0.6, 0.5), {"J": 0.5, "M": 0.4, "FN": 0.2, "A": -0.5}
    ),
    "rpa": Category(
        (0.1, 0.5, 2, 6, 15), (-2.5, -1.8, -1.4, -0.9, 0.0), {"K": 0.6, "CJ": 0.2}
    ),
    "logistics": Category(
        (15, 25, 35, 45, 50), (0.3, 0.4, 0.4, 0.3, 0.1),
        {"G": 0.9, "A": 0.9, "H": 1.2, "C": 0.3, "I": -0.3}, -1.8,
        only="ACGHI", again=-0.6, passive=True,
    ),
    "traceability": Category(
        (2, 6, 15, 25, 35), (-0.3, 0.2, 0.4, 0.4, 0.3), {"A": 1.5, "C": 0.1, "G": -0.8}, -2.8,
        only="AC",
    ),
    "digital-signature": Category(  # an invoice from the till needs none
        (4, 80, 88, 92, 95), (-1.2, 0.6, 0.8, 0.8, 0.6), passive=True
    ),
    "e-contract": Category(
        (0.3, 6, 14, 28, 45), (-1.3, 0.0, 0.5, 0.8, 0.8), {"JLK": 0.4, "CFMN": 0.2, "A": -0.5}
    ),
    "document-management": Category(
        (0.3, 4, 10, 22, 40), (-1.6, -0.5, 0.2, 0.6, 0.8), {"K": 0.4, "M": 0.3, "F": 0.2}
    ),
    "cloud": Category(
        (1, *(_cloud[size].value_pct for size in CLASSES[1:])), (-2.0, -0.5, 0.3, 0.9, 1.1),  # type: ignore[arg-type]
        {"J": 1.2, "KM": 0.5, "P": 0.1}, -0.1,
    ),
    "cybersecurity": Category(
        (1, 8, 20, 38, 65), (-1.5, -0.3, 0.4, 0.9, 1.0), {"K": 0.8, "J": 0.6, "CQ": 0.2}
    ),
    "marketplace-of-apps": Category(
        (0.5, 2, 3, 3, 2), (-0.4, -0.1, -0.1, -0.4, -0.8), {}, -0.3
    ),
}  # fmt: skip

PULL: Mapping[tuple[str, str], float] = {
    ("pos-retail", "payments"): 0.4,
    ("pos-retail", "e-commerce"): 0.3,
    ("pos-fnb", "payments"): 0.4,
    ("pos-fnb", "e-invoice"): 0.3,
    ("pos-retail", "e-invoice"): 0.3,
    ("pos-fnb", "pos-retail"): -1.0,
    ("pos-retail", "pos-fnb"): -1.0,
    ("e-commerce", "logistics"): 0.5,
    ("e-commerce", "payments"): 0.4,
    ("e-commerce", "marketing-messaging"): 0.3,
    ("accounting", "e-invoice"): 0.3,
    ("accounting", "accounting-services"): -1.5,
    ("accounting-services", "accounting"): -1.2,
    ("e-invoice", "digital-signature"): 0.3,
    ("e-invoice", "accounting"): 0.3,
    ("digital-signature", "e-contract"): 0.4,
    ("crm", "marketing-messaging"): 0.4,
    ("crm", "call-centre"): 0.3,
    ("erp-all-in-one", "accounting"): -0.9,
    ("erp-all-in-one", "crm"): -0.6,
    ("erp-all-in-one", "hr"): -0.6,
    ("erp-all-in-one", "workflow-collaboration"): -0.6,
    ("erp-all-in-one", "rpa"): 0.4,
    ("erp-all-in-one", "cloud"): 0.4,
    ("cloud", "cybersecurity"): 0.5,
}
"""How a tool in use changes the wish for another category: (in use, wanted)."""


@dataclass(frozen=True)
class Sector:
    """How a sector differs from the others.

    Attributes:
        readiness: Mean digital readiness, in standard deviations.
        scale: Log odds of each next size class, before the published size mix is imposed.
        consumers: Share that sells to consumers; higher for household businesses.
        revenue: Median revenue per head and year, billion VND.
        not_shipping: Share to which delivery and origin do not apply.
        cooperatives: Share (%) of co-operatives.
    """

    readiness: float = 0.0
    scale: float = 0.0
    consumers: float = 0.5
    revenue: float = 0.5
    not_shipping: float = 0.4
    cooperatives: float = 0.0


SECTORS: Mapping[str, Sector] = {
    "A": Sector(-0.6, 0.1, 0.35, 0.4, 0.02, 65),
    "B": Sector(-0.3, 0.3, 0.10, 0.9, 0.15),
    "C": Sector(0.0, 0.35, 0.30, 0.6, 0.02, 8),
    "D": Sector(0.2, 0.3, 0.20, 1.2, 0.3),
    "E": Sector(-0.1, 0.2, 0.30, 0.5, 0.2, 4),
    "F": Sector(-0.2, 0.15, 0.25, 0.6, 0.2, 2),
    "G": Sector(0.1, -0.15, 0.80, 1.5, 0.03, 11),
    "H": Sector(0.0, 0.0, 0.50, 0.6, 0.02, 7),
    "I": Sector(0.0, -0.05, 0.97, 0.4, 0.15, 2),
    "J": Sector(1.0, 0.0, 0.35, 0.7, 0.6),
    "K": Sector(0.7, 0.1, 0.70, 1.0, 0.7),
    "L": Sector(0.1, -0.1, 0.60, 1.0, 0.7),
    "M": Sector(0.5, -0.15, 0.30, 0.6, 0.6),
    "N": Sector(0.1, 0.05, 0.40, 0.4, 0.6, 1),
    "P": Sector(0.3, 0.0, 0.95, 0.25, 0.7),
    "Q": Sector(0.2, 0.1, 0.97, 0.4, 0.6),
    "R": Sector(0.1, 0.0, 0.95, 0.4, 0.6),
    "S": Sector(-0.1, -0.2, 0.95, 0.3, 0.5),
}
"""By the letter of the VSIC section."""
