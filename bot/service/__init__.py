"""What the bot does, one use case a file. Nothing here knows of Telegram, and nothing of how a flow goes."""
