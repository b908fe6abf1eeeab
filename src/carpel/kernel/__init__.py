"""What every stage may use: money, dates, types, texts, issues, errors and the Engine protocol."""
