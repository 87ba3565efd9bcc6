"""From a ripe lead to a salesperson's answer: to whom, until when, with what. Pure."""
