"""What marketing brought, and how we know: tables in, frozen results out. Pure, no Django, a library by itself."""

import os

# Thousands of small matrices: threads would wait for one another longer than they reckon. Read when numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
