"""The door of jobs: its words, and its rows."""

from fourfold.jobs.types.coming_over import *  # noqa: F403
from fourfold.jobs.types.intake import *  # noqa: F403
from fourfold.jobs.types.interviews import *  # noqa: F403
from fourfold.jobs.types.measuring import *  # noqa: F403
from fourfold.jobs.types.paying import *  # noqa: F403
from fourfold.jobs.types.placing import *  # noqa: F403
from fourfold.jobs.types.rows import *  # noqa: F403
from fourfold.jobs.types.submitting import *  # noqa: F403
from fourfold.jobs.types.words import *  # noqa: F403
