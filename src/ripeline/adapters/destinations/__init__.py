"""Where messages go: webhooks, chats, mail."""
