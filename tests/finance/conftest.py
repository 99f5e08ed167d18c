"""How Hypothesis runs here: the same examples every time, so that nobody's change fails for a reason of its own.

To look further: `settings.register_profile("deep", max_examples=5000, deadline=None)` and a seed of your choice.
"""

from hypothesis import settings

settings.register_profile("finance", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("finance")
