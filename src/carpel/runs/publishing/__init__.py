"""From a scheme's file to the published version that runs use, and back."""
