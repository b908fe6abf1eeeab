"""What publishing a draft would change, said before anything is changed."""
