"""The practice chat in a browser: for those who write the script, and for anyone who wants to try the bot."""
