"""The app: pages for people who look at leads and answer them."""
