"""Published figures that the simulation is calibrated on, by the name they bear in the data.

Each figure names its row of `data/calibration.csv`, where its period and source stand; a test
compares the two. Figures of the EU, the OECD and Spain stand in where Vietnam publishes none:
their classes of 10-49, 50-249 and 250+ staff are read as small, medium and large.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One row of `calibration.csv`, as a percentage."""

    measure: str
    group: str
    value_pct: float


_SIZE_MIX = "Enterprise size mix (White Book 2020, with business results 31 Dec 2018)"
_SIZE_REST = "Enterprise size mix (White Book 2020) - remainder, derived 100-62.6-3.5-2.8"
_SECTOR_MIX = "Enterprise sector mix (735,455 with results)"
_REGION_MIX = "Enterprise regional mix"
_STAGE = "DX stage, Vinasme+MST survey, 60 provinces"
_PROGRAMME = "SMEdx: share of SMEs using a programme platform"
_CLOUD, _ES_CLOUD = "Uses cloud", "Buys cloud services"

SIZE_MIX = {
    "micro": Figure(_SIZE_MIX, "VN / micro", 62.6),
    "small": Figure(_SIZE_REST, "VN / small (derived)", 31.1),
    "medium": Figure(_SIZE_MIX, "VN / medium", 3.5),
    "large": Figure(_SIZE_MIX, "VN / large", 2.8),
}
"""Size classes of enterprises."""

SECTOR_MIX = {
    "A": Figure(_SECTOR_MIX, "VN / agriculture, forestry, fishery", 0.78),
    "BCDEF": Figure(_SECTOR_MIX, "VN / industry & construction", 31.47),
    "GHIJKLMNPQRS": Figure(_SECTOR_MIX, "VN / services", 67.75),
}
"""Broad sectors of enterprises; `sectors.csv` splits them."""

REGION_MIX = {
    "south-east": Figure(_REGION_MIX, "VN / South East", 41.7),
    "red-river-delta": Figure(_REGION_MIX, "VN / Red River Delta", 31.1),
    "central-highlands": Figure(_REGION_MIX, "VN / Central Highlands", 2.6),
}
"""Regions of enterprises; `provinces.csv` splits them and fills in the other three."""

STAGES = {
    "not_started": Figure(_STAGE, "VN SMEs / not started", 5),
    "basic": Figure(_STAGE, "VN SMEs / basic tools (email, accounting software)", 69),
    "integrated": Figure(_STAGE, "VN SMEs / integrated systems (ERP, CRM, IoT)", 16),
    "full": Figure(_STAGE, "VN SMEs / fully digital with AI", 10),
}
"""Stages of digital transformation of small and medium enterprises."""

PROGRAMME_USE = {
    "01": Figure(_PROGRAMME, "VN province / Ha Noi", 34),
    "79": Figure(_PROGRAMME, "VN province / HCM City", 32.7),
    "48": Figure(_PROGRAMME, "VN province / Da Nang", 11.5),
}
"""Share of SMEs on a programme platform, by the province of today that the city became part of."""

ERP = {
    "micro": Figure("Uses ERP", "ES / micro <10", 9.71),
    "small": Figure("Uses ERP", "EU small 10-49", 30),
    "large": Figure("Uses ERP", "EU large 250+", 80),
}
CRM = {
    "micro": Figure("Uses CRM", "ES / micro <10", 10.42),
    "10+": Figure("Uses CRM", "EU all 10+", 33),
}
CLOUD = {
    "micro": Figure(_ES_CLOUD, "ES / micro <10", 7.37),
    "small": Figure(_CLOUD, "OECD / small", 22),
    "medium": Figure(_CLOUD, "OECD / medium", 32),
    "large": Figure(_CLOUD, "OECD / large", 47),
}
E_SALES = {
    "small": Figure("Makes e-sales", "OECD / small", 21),
    "large": Figure("Makes e-sales", "OECD / large", 43),
}
CLOUD_BY_SECTOR = {
    "J": Figure(_CLOUD, "OECD / information & communication", 51),
    "M": Figure(_CLOUD, "OECD / professional, scientific, technical", 38),
    "G": Figure(_CLOUD, "OECD / retail", 20),
    "I": Figure(_CLOUD, "OECD / accommodation & food", 17),
    "BCDE": Figure(_ES_CLOUD, "ES / industry", 18.7),
    "F": Figure(_ES_CLOUD, "ES / construction", 17.08),
    "AHKLNPQRS": Figure(_ES_CLOUD, "ES / services", 26.63),
}
"""Firms of 10+ staff; the Spanish mean of services stands in for sectors without a figure."""

E_INVOICE = Figure("Sends machine-readable e-invoices", "ES / micro <10", 11.57)
"""Mean of three Spanish rows, read as the share of households that were not yet obliged."""

BARRIERS = {
    "too_expensive": Figure("Barrier: high cost", "VN firms (n=1,300)", 60.1),
    "too_complex": Figure("Barrier: changing habits", "VN firms (n=1,300)", 52.3),
}
"""Reasons that firms gave for not going digital."""
