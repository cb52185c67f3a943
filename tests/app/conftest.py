"""What of the page needs no browser: site/ lies on the path, as it does for MicroPython."""

import sys
from pathlib import Path

SITE = Path(__file__).parents[2] / "site"
if str(SITE) not in sys.path:  # behind what is installed: only app is looked for there
    sys.path.append(str(SITE))
