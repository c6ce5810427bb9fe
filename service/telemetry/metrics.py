"""What the processes count, by Prometheus' own client: with several of them, it adds up.

Names follow https://prometheus.io/docs/practices/naming/. Labels have few values, all of our own
making: a route is told as its template, never as the path that was asked for. What is the same in
all processes is not counted here but told by the one that answers, see `state.py`.
"""

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, of no use here

SECONDS = (
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
)  # fmt: skip
"""Bounds of the buckets of durations: most answers take a few milliseconds."""

ROWS = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
"""Bounds of the buckets of commits; a transaction takes about 5,000 rows at most."""

REQUESTS = Counter(
    "smedx_requests", "Requests, by how they were answered.", ["route", "method", "status"]
)
REQUEST_SECONDS = Histogram(
    "smedx_request_seconds", "Time to answer a request.", ["route"], buckets=SECONDS
)
REFUSED = Counter("smedx_refused", "Requests refused (401, 403, 429), by what was said.", ["why"])
ANSWERS = Counter(
    "smedx_answers",
    "Lists answered, by model (none: by popularity), arm of an experiment, and whether one platform"
    " was drawn by chance.",
    ["version", "arm", "explored"],
)
BUSINESSES = Counter(
    "smedx_businesses", "Businesses that lists were made for.", ["sector", "size", "legal_form"]
)
JOURNAL_DEPTH = Gauge(
    "smedx_journal_depth", "Writes that wait to be stored.", multiprocess_mode="livesum"
)
JOURNAL_COMMIT_ROWS = Histogram("smedx_journal_commit_rows", "Rows in a transaction.", buckets=ROWS)
JOURNAL = {
    "committed": Counter("smedx_journal_writes", "Writes that were stored."),
    "rejected": Counter("smedx_journal_rejected", "Writes that cannot be stored themselves."),
    "failed": Counter("smedx_journal_failed", "Writes refused: no database, or too many waited."),
    "dropped_exposures": Counter("smedx_journal_dropped_exposures", "Lists not kept, but served."),
}
"""Counters of the journal by the attribute that they follow."""
