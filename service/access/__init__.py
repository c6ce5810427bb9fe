"""Who may call the API, what with, and how often; what protects every answer."""
