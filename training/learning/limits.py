"""The limit of doubt that refuses 1 % of real digits, which the shipped one does not: for measuring.

It has to be found on handwriting that the model has not learnt, and the model that is shipped has learnt the
validation split too. So `fit` finds it in its first pass, and keeps it beside the model as NAME.validation.json.
"""

import json
from pathlib import Path

from number_reader.storage.model import write_whole

SHARE = 0.01  # of the validation digits, weighed as fit weighs them


def path_for(model):
    """Where the limit of a model file is kept."""
    return Path(model).with_suffix(".validation.json")


def write(model, limit):
    write_whole(path_for(model), json.dumps({"refuse_one_percent": round(limit, 6)}).encode() + b"\n")


def read(model):
    """The limit of doubt, or None where `fit` kept none."""
    try:
        return float(json.loads(path_for(model).read_text())["refuse_one_percent"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
