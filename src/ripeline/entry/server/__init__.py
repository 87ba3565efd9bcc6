"""The server: intake of events, the API, and the work behind them."""
