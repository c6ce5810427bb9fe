"""Businesses as their owners describe them: what each answers, by question, as it is typed."""

from collections.abc import Mapping

Answers = Mapping[str, str | tuple[str, ...]]

AGREED = {"service": "yes", "improve": "yes"}
"""What all of them answer about their data, unless a test says otherwise."""

WORK = ("sales", "finance", "customers", "supply-chain", "staff")
MORE_WORK = ("operations", "documents", "infrastructure")
"""The business functions that everyone is asked about, and those that a household is not."""

RESTAURANT: Answers = {
    "legal-form": "household",
    "sector": "I56",
    "province": "46",
    "people": "6 người",
    "consumers": "yes",
    "revenue": "1 tỷ 500 triệu",
    "sales": "paper",
    "finance": "paper",
    "customers": "not_done",
    "supply-chain": "not_applicable",
    "staff": "spreadsheet",
    "needs": ("invoices-tax", "shop-floor"),
    "budget": "under_200k",
}
"""A family restaurant in Huế."""

GARMENT_EXPORTER: Answers = {
    "legal-form": "enterprise",
    "sector": "C",
    "province": "79",
    "employees": "120",
    "consumers": "no",
    "revenue": "90 tỷ",
    "capital": "40 tỷ",
    **dict.fromkeys((*WORK, *MORE_WORK), "separate_tool"),
    "needs": ("manage-staff", "organise-work", "paperless"),
    "budget": "over_5m",
}
"""A garment exporter of 120 in what was Bình Dương."""

RICE_COOPERATIVE: Answers = {
    "legal-form": "cooperative",
    "sector": "A",
    "province": "91",
    "workers": "25",
    "consumers": "no",
    **dict.fromkeys((*WORK, *MORE_WORK), "paper"),
    "needs": ("deliver-trace", "sell-online"),
    "budget": "200k_1m",
}
"""A rice co-operative in An Giang."""

ONLINE_SHOP: Answers = {
    "legal-form": "household",
    "sector": "G",
    "province": "01",
    "people": "2",
    "consumers": "yes",
    **dict.fromkeys(WORK, "paper"),
    "needs": ("sell-online", "find-customers", "get-paid"),
    "budget": "under_200k",
}
"""An online shop of two in Hà Nội."""

CLINIC: Answers = {
    "legal-form": "enterprise",
    "sector": "Q",
    "province": "48",
    "employees": "12",
    "consumers": "yes",
    "revenue": "6 tỷ",
    **dict.fromkeys((*WORK, *MORE_WORK), "spreadsheet"),
    "needs": ("invoices-tax", "manage-staff"),
    "budget": "1m_5m",
}
"""A clinic in Đà Nẵng."""

FARM: Answers = {
    "legal-form": "household",
    "sector": "A",
    "province": "91",
    "people": "một mình",
    "consumers": "no",
    **dict.fromkeys(("sales", "finance", "customers", "supply-chain"), "not_done"),
    "staff": "not_applicable",
    "needs": ("deliver-trace",),
    "budget": "nothing",
}
"""One of three farms that a volunteer visits."""
