"""A page that shows the widget as another website embeds it: `make demo-widget`."""
