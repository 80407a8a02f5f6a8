"""What holds for every test: an interrupt means an interrupt, however the tests themselves were started.

A shell that runs them in the background makes them ignore Ctrl-C, and every program that they start inherits that:
tests that interrupt a program would then wait for ever.
"""

from __future__ import annotations

import signal
import threading

if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)
