"""Rated texts made from few words, so that it is known what should be found in them."""

import itertools

import pyarrow as pa

GOOD = ("great", "lovely", "superb", "wonderful", "excellent")
BAD = ("broken", "terrible", "awful", "useless", "horrible")
THINGS = ("kettle", "lamp", "chair", "speaker", "bag", "phone", "table", "fan", "cable", "mouse", "printer", "desk")
TAILS = ("and it came on time", "for my mother", "as the picture shows", "from this shop")

PRAISE = [f"The {thing} is {word} {tail}" for thing, word, tail in itertools.product(THINGS, GOOD, TAILS)]
BLAME = [f"The {thing} is {word} {tail}" for thing, word, tail in itertools.product(THINGS, BAD, TAILS)]


def feedback(texts, scores, scale_max=5.0, **more):
    columns = {"text": list(texts), "score": [float(each) for each in scores]}
    columns |= {"scale_max": [scale_max] * len(columns["text"])} | more
    return pa.RecordBatch.from_pydict(columns)


def unrated(*texts, **more):
    return pa.RecordBatch.from_pydict({"text": pa.array(list(texts), pa.string())} | more)


def plain(praise=PRAISE, blame=BLAME):
    return feedback([*praise, *blame], [5] * len(praise) + [1] * len(blame))
