"""`smedx doctor`: is everything there that the service needs? It looks, and changes nothing."""

from service.doctor.examine import examine
from service.doctor.finding import Finding
from service.doctor.shown_settings import shown_settings

__all__ = ["Finding", "examine", "shown_settings"]
