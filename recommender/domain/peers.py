"""How digital businesses of a line and size are: with whom a business is compared."""

from msgspec import Struct

from recommender.domain.business import FunctionCode, SizeCode

LEAST_PEERS = 20
"""Businesses that must be known before their mean says something, and nothing about one of them."""


class Peers(Struct, frozen=True):
    """The businesses of one line and size.

    `functions` holds the mean score, 0 to 100, of each function of which at least `LEAST_PEERS`
    told how it is done; those to which it does not apply are not among them. Means are whole
    numbers, so that one business more or less hardly tells how it answered.
    """

    sector: str
    size: SizeCode
    businesses: int
    functions: dict[FunctionCode, float]


class PeerTable(Struct, frozen=True):
    """All groups with enough businesses, simulated ones and recorded ones apart."""

    simulated: tuple[Peers, ...] = ()
    recorded: tuple[Peers, ...] = ()

    def of(self, sector: str, size: SizeCode) -> tuple[Peers, bool] | None:
        """Return the peers of a business and whether they are simulated; None if too few are known.

        Recorded ones go first; the two are never mixed.
        """
        for simulated, groups in ((False, self.recorded), (True, self.simulated)):
            for peers in groups:
                if (peers.sector, peers.size) == (sector, size):
                    return peers, simulated
        return None
