"""What lasts: tables, their migrations' metadata, encryption, and the queries between tables and dialogue values."""
