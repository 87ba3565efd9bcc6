"""The meaning of a plan, told twice: by Python for one lead, and as SQL for all of them."""
