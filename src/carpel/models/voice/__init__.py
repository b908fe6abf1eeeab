"""What customers say: how they feel, what it is about, and what they miss.

Everything is learned from the workspace's own rated feedback, or from reviews that somebody names; nothing is
downloaded, and where nothing could be learned it says what that needs.
"""

from carpel.models.voice.customers import Heard, aligned
from carpel.models.voice.hearing import heard, learn_topics, learn_voices, needs
from carpel.models.voice.judging import Figures
from carpel.models.voice.marking import Mark, marks
from carpel.models.voice.needs import Need, unmet_needs
from carpel.models.voice.ratings import mood_of
from carpel.models.voice.reviews import Rated, rated, reviews
from carpel.models.voice.scripts import LANGUAGES, language_of, script_of
from carpel.models.voice.sentiment import Mood, Sentiment
from carpel.models.voice.themes import Example, Theme, Themes, Topics, learn_themes
from carpel.models.voice.voices import Basis, Origin, Reading, Voices, learn

__all__ = [
    "LANGUAGES",
    "Basis",
    "Example",
    "Figures",
    "Heard",
    "Mark",
    "Mood",
    "Need",
    "Origin",
    "Rated",
    "Reading",
    "Sentiment",
    "Theme",
    "Themes",
    "Topics",
    "Voices",
    "aligned",
    "heard",
    "language_of",
    "learn",
    "learn_themes",
    "learn_topics",
    "learn_voices",
    "marks",
    "mood_of",
    "needs",
    "rated",
    "reviews",
    "script_of",
    "unmet_needs",
]
