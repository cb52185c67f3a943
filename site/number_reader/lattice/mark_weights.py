"""What each measure of `marks.ALL` costs, learned by `python -m training.learning.reading --marks`."""

import numpy as np

WEIGHTS = np.zeros(170, np.float32)
