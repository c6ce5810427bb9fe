"""What the website's developers take: clients in Python and TypeScript, and what makes them."""
