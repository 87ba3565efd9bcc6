"""The demo company in small chapters: who is there, what they do, what sales made of it."""
