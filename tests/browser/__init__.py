"""The pages in a real browser, as a person with a keyboard, a phone or a screen reader meets them."""
