"""What a scheme's rules say before any data: for whom each can hold, as boxes of possible values."""
